import { createCipheriv, createHash } from 'node:crypto';

/** A pseudo-random generator with a seed (mulberry32). Not for secrets. */
export class Random {
  #state: number;

  constructor(seed: number | string) {
    this.#state = createHash('sha256').update(String(seed)).digest().readUInt32LE(0);
  }

  /** A number from 0 to 1, excluding 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to the limit, excluding the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** An element of a non-empty list. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A string of decimal digits. */
  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }
}

/** Bytes that are the same for the same seed. They serve as keys in tests, so a cipher generates them. */
export function seededBytes(seed: number | string, count: number): Buffer {
  const key = createHash('sha256').update(`bytes of ${seed}`).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(count));
}
