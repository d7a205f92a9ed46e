/** The latest time that Date can represent, in milliseconds since 1970. */
export const MAX_TIME_MS = 8.64e15;

/** The longest delay of a timer in milliseconds; setTimeout() treats a longer one as 1 ms. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The latest Unix time in seconds that an option can have, in 2106; a current time in milliseconds is above it. */
export const MAX_UNIX_SECONDS = 2 ** 32 - 1;
