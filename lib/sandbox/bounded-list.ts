/** A list that forgets its oldest entries. */
export class BoundedList<T> {
  readonly #entries: T[] = [];

  constructor(private readonly limit: number) {}

  /** The entries, oldest first; a live view. */
  get entries(): readonly T[] {
    return this.#entries;
  }

  /** Appends an entry. */
  push(entry: T): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.limit) this.#entries.shift();
  }
}
