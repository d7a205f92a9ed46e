import { makeError } from '../errors';

/** A signal, or what a signal can be made of. */
export type AbortSource = AbortSignal | LazyAbortController;

/**
 * An AbortController whose signal is created when it is read: creating one for each request costs as much as verifying a small request,
 * and few handlers read it.
 */
export class LazyAbortController {
  #controller: AbortController | undefined;
  #reason: unknown;
  #aborted = false;
  #callbacks: Set<() => void> | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Undefined until it is aborted. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Aborted from the start if it is read late. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Aborts the signal, then runs the callbacks. Only the first call has an effect. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const callbacks = this.#callbacks ?? [];
    this.#callbacks = undefined;
    for (const callback of callbacks) callback();
  }

  /** For {@link whenAborted}. @returns a function that removes the callback */
  add(callback: () => void): () => void {
    this.#callbacks ??= new Set();
    this.#callbacks.add(callback);
    return () => {
      this.#callbacks?.delete(callback);
    };
  }
}

// Only one listener for each signal, however many calls it ends: from the eleventh on, Node.js would warn about a leak.
const watchers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Runs `callback` when the signal is aborted, or immediately if it already is.
 *
 * @returns a function that removes the callback
 */
export function whenAborted(signal: AbortSource | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    callback();
    return () => {};
  }
  if (signal instanceof LazyAbortController) return signal.add(callback);
  let callbacks = watchers.get(signal);
  if (callbacks === undefined) {
    const added = new Set<() => void>();
    callbacks = added;
    watchers.set(signal, added);
    signal.addEventListener(
      'abort',
      () => {
        for (const one of added) one();
        added.clear();
      },
      { once: true },
    );
  }
  const registered = callbacks;
  registered.add(callback);
  return () => {
    registered.delete(callback);
  };
}

/** Settles like the promise, or rejects with the signal's reason as soon as the signal is aborted. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const forget = whenAborted(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(forget);
  });
}

/**
 * Runs `work` with a signal that is aborted with the caller's signal, or with `ERR_SPEC_TIMEOUT` after the timeout.
 *
 * @param what - names the work in the error
 * @param timeout - milliseconds; undefined: none
 */
export async function withDeadline<T>(
  what: string,
  signal: AbortSignal | undefined,
  timeout: number | undefined,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  if (timeout === undefined) return work(signal);
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(makeError('ERR_SPEC_TIMEOUT', what, String(timeout))),
    timeout,
  );
  const forget = whenAborted(signal, () => deadline.abort(signal?.reason));
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

/** Waits for a number of milliseconds; rejects with the signal's reason when it is aborted. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, milliseconds);
    const forget = whenAborted(signal, () => {
      clearTimeout(timer);
      reject(signal?.reason);
    });
  });
}
