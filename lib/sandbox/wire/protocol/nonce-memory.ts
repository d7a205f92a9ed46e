/**
 * Remembers nonces for as long as a message with them could still pass the check of its timestamp.
 *
 * A timestamp may be one window in the future and is accepted until one window after it, so two windows are enough. Nonces are
 * dropped by generation, not one by one: each is remembered for two to four windows, without a timer.
 */
export class NonceMemory {
  readonly #span: number;
  #current = new Set<string>();
  #previous = new Set<string>();
  #since: number | undefined;

  constructor(windowSeconds: number) {
    this.#span = 2 * windowSeconds;
  }

  /** Remembers `nonce` at the time `now` (Unix seconds); false if it was seen before. */
  remember(nonce: string, now: number): boolean {
    this.#age(now);
    if (this.#current.has(nonce) || this.#previous.has(nonce)) return false;
    this.#current.add(nonce);
    return true;
  }

  #age(now: number): void {
    this.#since ??= now;
    const age = now - this.#since;
    if (age <= this.#span) return;
    this.#previous = age <= 2 * this.#span ? this.#current : new Set();
    this.#current = new Set();
    this.#since = now;
  }
}
