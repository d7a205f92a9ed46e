/** A value that is ready, or the promise of one. A ready value is passed on without a promise, which would cost more than most steps. */
export type Awaitable<T> = T | Promise<T>;

/** Whether `await` would wait for the value. Throws what a getter of the value throws, as `await` does. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Passes the value on: at once if it is ready, and otherwise when it is. */
export function after<T, U>(
  value: T | PromiseLike<T>,
  next: (value: T) => Awaitable<U>,
): Awaitable<U> {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}

/** `try { … } finally { … }` for work whose result may be a promise. */
export function lastly<T>(work: () => Awaitable<T>, cleanUp: () => void): Awaitable<T> {
  let result: Awaitable<T>;
  try {
    result = work();
  } catch (error) {
    cleanUp();
    throw error;
  }
  if (!isThenable(result)) {
    cleanUp();
    return result;
  }
  return result.then(
    (value) => {
      cleanUp();
      return value;
    },
    (error: unknown) => {
      cleanUp();
      throw error;
    },
  );
}
