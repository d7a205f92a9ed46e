/** Growing delays between attempts, in milliseconds. */
export interface Backoff {
  /** Before the second attempt. */
  readonly delay: number;
  /** The longest delay. */
  readonly maxDelay: number;
}

/**
 * The delay before the next attempt: doubled each time, and jittered to between half and all of it, so that callers that failed
 * at the same time do not all retry at the same time.
 *
 * @param repetitions - how many repetitions there were before
 */
export function backoff({ delay, maxDelay }: Backoff, repetitions: number): number {
  const pause = Math.min(maxDelay, delay * 2 ** Math.min(repetitions, 30));
  return Math.round(pause * (0.5 + Math.random() / 2));
}
