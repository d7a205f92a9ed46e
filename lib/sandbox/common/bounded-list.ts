/** Limits the total weight of the entries of a list. */
export interface WeightLimit<T> {
  readonly limit: number;
  /** The weight of an entry; it must not change. */
  readonly of: (entry: T) => number;
}

/** A list that drops its oldest entries. */
export class BoundedList<T> {
  readonly #entries: T[] = [];
  #weight = 0;

  /** @param weight - the newest entry is kept, even if it exceeds the limit */
  constructor(
    private readonly limit: number,
    private readonly weight: WeightLimit<T> = { limit: 0, of: () => 0 },
  ) {}

  /** The entries, oldest first; a live view. */
  get entries(): readonly T[] {
    return this.#entries;
  }

  /** Appends an entry. */
  push(entry: T): void {
    this.#entries.push(entry);
    this.#weight += this.weight.of(entry);
    while (
      this.#entries.length > this.limit ||
      (this.#entries.length > 1 && this.#weight > this.weight.limit)
    ) {
      const oldest = this.#entries.shift();
      if (oldest !== undefined) this.#weight -= this.weight.of(oldest);
    }
  }

  /** Removes all entries. */
  clear(): void {
    this.#entries.length = 0;
    this.#weight = 0;
  }
}
