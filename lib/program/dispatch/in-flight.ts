import { type Awaitable, lastly } from '../../common/awaitable';

/** Counts work that has not ended yet. */
export class InFlight {
  #size = 0;
  #waiting: (() => void)[] = [];

  get size(): number {
    return this.#size;
  }

  begin(): void {
    this.#size += 1;
  }

  end(): void {
    this.#size -= 1;
    if (this.#size > 0) return;
    for (const resume of this.#waiting) resume();
    this.#waiting = [];
  }

  /** Counts the work until its result is there. */
  track<T>(work: () => Awaitable<T>): Awaitable<T> {
    this.begin();
    return lastly(work, () => this.end());
  }

  /** Fulfilled when nothing is in flight. */
  async none(): Promise<void> {
    if (this.#size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
