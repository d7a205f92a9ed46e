/** Bytes that may be held at the same time for requests that are not verified yet. */
export class ByteBudget {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Starts to count the bytes of one request. */
  open(): BudgetShare {
    return new BudgetShare(this);
  }

  /** @param bytes - negative to release them @returns false when the budget does not allow so many bytes */
  reserve(bytes: number): boolean {
    if (bytes > 0 && this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }
}

/** The share of one request in a {@link ByteBudget}. */
export class BudgetShare {
  readonly #budget: ByteBudget;
  #held = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** @returns false when the budget does not allow so many bytes in all */
  grow(total: number): boolean {
    if (total <= this.#held) return true;
    if (!this.#budget.reserve(total - this.#held)) return false;
    this.#held = total;
    return true;
  }

  /** Releases the bytes. */
  close(): void {
    this.#budget.reserve(-this.#held);
    this.#held = 0;
  }
}
