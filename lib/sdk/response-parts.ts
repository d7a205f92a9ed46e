import { markAsUntransferable } from 'node:worker_threads';
import type { CallbackSdk, HeaderText, NativeResponse } from '../binding/native';

/** A signed and encrypted response (回包). Send both parts unchanged. */
export interface SpecResponse {
  /** Header names and values; all must be sent. */
  headers: Record<string, string>;
  /** The encrypted body; empty for a request with `IsOk() === false`. */
  body: Buffer;
}

/** Bytes that many small bodies share, as those of `Buffer.from`: memory of its own costs a body more than its content. */
const SLAB_BYTES = 64 * 1024;

/** With less room than this, a new slab is begun. */
const MIN_ROOM = 8 * 1024;

let slab = newSlab();
let used = 0;

function newSlab(): Buffer {
  const fresh = Buffer.allocUnsafeSlow(SLAB_BYTES);
  // Who sends one body to a Worker must not take the others along.
  markAsUntransferable(fresh.buffer);
  return fresh;
}

/** The addon's object for a request, and what JavaScript remembers of it. */
export class NativeRequest {
  readonly native: CallbackSdk;
  /** The headers of the last response that had other names than the one before. */
  #last: Record<string, string> = {};
  /** Their names in the order of the addon. */
  #names: readonly string[] = [];

  constructor(native: CallbackSdk) {
    this.native = native;
  }

  /** Builds the response. Throws what the addon throws. */
  respond(response: string | Uint8Array, numbers: Uint32Array): SpecResponse {
    if (SLAB_BYTES - used < MIN_ROOM) {
      slab = newSlab();
      used = 0;
    }
    const built = this.native.BuildResponseHeaderBody(response, slab, used);
    if (typeof built !== 'string') return responseOf(built);
    const size = numbers[0] as number;
    const headers = this.#headersOf(built, numbers);
    const body = Buffer.from(slab.buffer, used, size);
    // Aligned, as those of Buffer.from.
    used = (used + size + 7) & ~7;
    return { headers, body };
  }

  #headersOf(text: string, numbers: Uint32Array): Record<string, string> {
    const count = numbers[1] as number;
    if (count === 0) {
      const headers = headersOf(text);
      this.#last = { ...headers };
      // Not the keys, which JavaScript would sort if a name were a number.
      this.#names = text.split('\0').filter((_, index) => index % 2 === 0);
      return headers;
    }
    // A copy, whose values are then replaced: adding the names one by one would cost more.
    const headers = { ...this.#last };
    let start = 0;
    for (let index = 0; index < count; index += 1) {
      const end = start + (numbers[2 + index] as number);
      headers[this.#names[index] as string] = text.slice(start, end);
      start = end;
    }
    return headers;
  }
}

/** The response that a thread has built. */
export function responseOf([headers, body]: NativeResponse): SpecResponse {
  return { headers: headersOf(headers), body };
}

function headersOf(text: HeaderText): Record<string, string> {
  const parts = text.split('\0');
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const name = parts[index] as string;
    const value = parts[index + 1] as string;
    if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true });
    else headers[name] = value;
  }
  return headers;
}
