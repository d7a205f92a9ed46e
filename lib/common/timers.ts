/** The latest time that Date can represent, in milliseconds since 1970. */
export const MAX_TIME_MS = 8.64e15;

/** The longest delay of a timer in milliseconds; setTimeout() treats a longer one as 1 ms. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The latest Unix time in seconds that an option can have, in 2106; a current time in milliseconds is above it. */
export const MAX_UNIX_SECONDS = 2 ** 32 - 1;

/**
 * Calls `work` once after any number of milliseconds, also more than a timer can wait; never for Infinity. Does not keep the process
 * alive.
 *
 * @returns a function that cancels it
 */
export function later(milliseconds: number, work: () => void): () => void {
  let left = milliseconds;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const delay = Math.min(left, MAX_TIMER_MS);
    left -= delay;
    timer = setTimeout(() => (left > 0 ? wait() : work()), delay).unref();
  };
  wait();
  return () => clearTimeout(timer);
}
