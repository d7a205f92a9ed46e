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
   * @param failed - converts the reason for which there is no value; must not throw
   */
  waitFor<T, R>(
    promise: PromiseLike<T>,
    succeeded: (value: T) => R,
    failed: (reason: unknown) => R,
  ): Promise<R> {
    return new Promise((resolve) => {
      const unsubscribes: (() => void)[] = [];
      const stopWatching = (): void => {
        deadline.clear();
        for (const unsubscribe of unsubscribes) unsubscribe();
      };
      const end = (reason: unknown): void => {
        stopWatching();
        this.#abort.abort(reason);
        resolve(failed(reason));
      };
      const { milliseconds, deadlines } = this.#limit;
      const deadline = deadlines.start(() =>
        end(makeError('ERR_SPEC_TIMEOUT', this.#name, String(milliseconds))),
      );
      for (const signal of this.#signals) {
        unsubscribes.push(whenAborted(signal, () => end(signal?.reason)));
      }
      promise.then(
        (value) => {
          stopWatching();
          resolve(succeeded(value));
        },
        (error: unknown) => {
          stopWatching();
          resolve(failed(error));
        },
      );
    });
  }
}
