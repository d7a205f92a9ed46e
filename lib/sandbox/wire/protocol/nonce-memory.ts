/**
 * Remembers nonces for as long as a message that carries them could still pass the time window.
 *
 * A timestamp may lie one window ahead and stays good for one window, so two windows are enough.
 * Two generations that are dropped whole hold each nonce between two and four windows without a
 * timer and without looking at single entries.
 */
export class NonceMemory {
  readonly #span: number;
  #current = new Set<string>();
  #previous = new Set<string>();
  #since: number | undefined;

  constructor(windowSeconds: number) {
    this.#span = 2 * windowSeconds;
  }

  /** Remembers `nonce` at the time `now` (Unix seconds); false when it was known already. */
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
