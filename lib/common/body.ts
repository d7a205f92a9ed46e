/** Collects the chunks of a body up to a limit. */
export class BodyCollector {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #size = 0;

  /** @param limit - bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a chunk. Beyond the limit nothing is kept any more.
   *
   * @returns whether the body is still within the limit
   */
  add(chunk: Uint8Array): boolean {
    this.#size += chunk.length;
    if (this.#size > this.#limit) this.#chunks = [];
    else this.#chunks.push(chunk);
    return this.#size <= this.#limit;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** The whole body. A single chunk is given as it is, without a copy. */
  body(): Buffer {
    const [first, ...others] = this.#chunks;
    if (first !== undefined && others.length === 0) {
      return Buffer.isBuffer(first)
        ? first
        : Buffer.from(first.buffer, first.byteOffset, first.byteLength);
    }
    return Buffer.concat(this.#chunks);
  }
}
