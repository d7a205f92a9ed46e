import { whenAborted } from './abort';

/** A semaphore: limits how many hold a slot at once; others wait in order. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Whether no slot is held or waited for. @param count - the number of slots */
  isIdle(count: number): boolean {
    return this.#free === count && this.#waiting.size === 0;
  }

  /** Waits for a slot; rejects with the signal's reason, and stops waiting, when the signal is aborted. */
  take(signal: AbortSignal | undefined): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        forget();
        resolve();
      };
      this.#waiting.add(enter);
      const forget = whenAborted(signal, () => {
        this.#waiting.delete(enter);
        reject(signal?.reason);
      });
    });
  }

  /** Releases a slot, to the one that has waited longest. */
  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

const byKey = new Map<string, Slots>();

/**
 * Runs `work` as soon as one of the slots is free that all callers with the same key share in this thread.
 *
 * @param work - the slot is released when this has settled, even if its caller no longer waits for the result
 */
export async function inSlot<T>(
  key: string,
  count: number,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let slots = byKey.get(key);
  if (slots === undefined) {
    slots = new Slots(count);
    byKey.set(key, slots);
  }
  await slots.take(signal);
  try {
    return await work();
  } finally {
    slots.give();
    if (slots.isIdle(count)) byKey.delete(key);
  }
}
