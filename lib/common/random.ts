import { createCipheriv, createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed (mulberry32). Not for secrets of anybody. */
export class Random {
  #state: number;

  constructor(seed: number | string) {
    this.#state = createHash('sha256').update(String(seed)).digest().readUInt32LE(0);
  }

  /** From 0 up to, but without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but without, the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** So many decimal digits. */
  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }
}

/** So many bytes that are the same for the same seed. They stand in for keys, so a cipher makes them. */
export function seededBytes(seed: number | string, count: number): Buffer {
  const key = createHash('sha256').update(`bytes of ${seed}`).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(count));
}
