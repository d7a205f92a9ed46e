import { type AbortSource, LazyAbortController, whenAborted } from '../../common/abort';
import { Deadlines } from '../../common/deadlines';
import { makeError } from '../../errors';

/** The time that a handler has. */
export interface TimeLimit {
  readonly milliseconds: number;
  readonly deadlines: Deadlines;
}

/** One {@link TimeLimit} for each timeout, shared by all handlers that have it. */
export class TimeLimits {
  readonly #byTimeout = new Map<number, TimeLimit>();

  /** @param milliseconds - an option of the program or of an ability, so there are few */
  of(milliseconds: number): TimeLimit {
    let limit = this.#byTimeout.get(milliseconds);
    if (limit === undefined) {
      limit = { milliseconds, deadlines: new Deadlines(milliseconds) };
      this.#byTimeout.set(milliseconds, limit);
    }
    return limit;
  }
}

/**
 * One run of a handler, until it times out or one of the signals is aborted. Then the handler's signal is aborted and the run is
 * rejected immediately, with the same reason. Only a run that waits for a promise can be ended.
 */
export class LimitedRun {
  readonly #name: string;
  readonly #limit: TimeLimit;
  readonly #signals: readonly (AbortSource | undefined)[];
  readonly #abort = new LazyAbortController();

  /** @param name - of the ability or event, for the error */
  constructor(name: string, limit: TimeLimit, signals: readonly (AbortSource | undefined)[]) {
    this.#name = name;
    this.#limit = limit;
    this.#signals = signals;
  }

  /** The handler's signal. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Throws the reason if one of the signals is aborted. */
  throwIfAborted(): void {
    for (const signal of this.#signals) if (signal?.aborted) throw signal.reason;
  }

  /**
   * Waits for the promise that the handler has returned.
   *
   * @param succeeded - converts the value of the handler
   * @param failed - converts the reason for which there is none; neither may throw
   */
  waitFor<T, R>(
    promise: PromiseLike<T>,
    succeeded: (value: T) => R,
    failed: (reason: unknown) => R,
  ): Promise<R> {
    return new Promise((resolve) => {
      let isOver = false;
      const unsubscribes: (() => void)[] = [];
      const finish = (result: () => R): void => {
        // What a handler does after its time is over is ignored.
        if (isOver) return;
        isOver = true;
        deadline.clear();
        for (const unsubscribe of unsubscribes) unsubscribe();
        resolve(result());
      };
      const end = (reason: unknown): void =>
        finish(() => {
          this.#abort.abort(reason);
          return failed(reason);
        });
      const { milliseconds, deadlines } = this.#limit;
      const deadline = deadlines.start(() =>
        end(makeError('ERR_SPEC_TIMEOUT', this.#name, String(milliseconds))),
      );
      for (const signal of this.#signals) {
        // The handler may have caused the abort before it returned the promise.
        if (!isOver) unsubscribes.push(whenAborted(signal, () => end(signal?.reason)));
      }
      promise.then(
        (value) => finish(() => succeeded(value)),
        (error: unknown) => finish(() => failed(error)),
      );
    });
  }
}
