/** Growing pauses between repetitions, in milliseconds. */
export interface Backoff {
  /** Before the first repetition. */
  readonly delay: number;
  /** The longest pause. */
  readonly maxDelay: number;
}

/**
 * The pause before a repetition: twice as long each time. Jittered to between half of it and all of it, so that what failed
 * together does not come back together.
 *
 * @param repetitions - how often it was repeated before
 */
export function backoff({ delay, maxDelay }: Backoff, repetitions: number): number {
  const pause = Math.min(maxDelay, delay * 2 ** Math.min(repetitions, 30));
  return Math.round(pause * (0.5 + Math.random() / 2));
}
