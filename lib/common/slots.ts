import { whenAborted } from './abort';

/** Lets only so many hold a slot at once; others wait in their order. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Whether nobody holds or waits for a slot, given how many there are. */
  isIdle(count: number): boolean {
    return this.#free === count && this.#waiting.size === 0;
  }

  /** Waits for a slot; rejected with the signal's reason, and out of the line, when it is aborted. */
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

  /** Gives a slot back, to the one who waits longest. */
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
 * Runs `work` when one of the slots is free that all with the same key share in this thread.
 *
 * @param work - the slot is given back when this has settled, whether or not somebody still waits for it
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
