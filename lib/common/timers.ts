/** The longest time of a timer in milliseconds; setTimeout() takes a longer one for 1 ms. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
