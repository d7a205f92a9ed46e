/** Promises that have not settled yet. */
export class InFlight {
  readonly #promises = new Set<Promise<unknown>>();

  get size(): number {
    return this.#promises.size;
  }

  async track<T>(promise: Promise<T>): Promise<T> {
    this.#promises.add(promise);
    try {
      return await promise;
    } finally {
      this.#promises.delete(promise);
    }
  }

  /** Fulfilled when all current promises have settled. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#promises);
  }
}
