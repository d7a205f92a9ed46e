import type { IncomingMessage } from 'node:http';
import type { Deadlines } from './deadlines';

/** The body is larger than the limit. */
export const tooLarge: unique symbol = Symbol('too large');

/** The connection was closed before the body was complete. */
export const cutOff: unique symbol = Symbol('cut off');

/** Nothing was received for too long. */
export const timedOut: unique symbol = Symbol('timed out');

/** The caller refused to hold more bytes. */
export const overloaded: unique symbol = Symbol('overloaded');

/** Why there is no body. */
export type NoBody = typeof tooLarge | typeof cutOff | typeof timedOut | typeof overloaded;

/** Limits while a body is read. */
export interface BodyLimits {
  /** Bytes. */
  readonly size: number;
  /** Limits the time between two reads; default: no limit. */
  readonly deadlines?: Deadlines;
  /** Called with the number of bytes so far; returns whether they can be held. */
  readonly mayHold?: (size: number) => boolean;
}

/** The body of a request: text, bytes, or the chunks in which it was received. */
export type RequestBody = string | Uint8Array | readonly Uint8Array[];

/** Bytes of a body. */
export function sizeOfBody(body: RequestBody): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (!Array.isArray(body)) return (body as Uint8Array | undefined)?.byteLength ?? 0;
  return body.reduce((total, { byteLength }) => total + byteLength, 0);
}

/** The body as one piece. */
export function joinedBody(body: RequestBody): string | Uint8Array {
  return Array.isArray(body) ? joined(body) : (body as string | Uint8Array);
}

/** Chunks as one Buffer; a single chunk is not copied. */
function joined(chunks: readonly Uint8Array[]): Buffer {
  const [first] = chunks;
  if (first === undefined || chunks.length > 1) return Buffer.concat(chunks);
  return Buffer.isBuffer(first)
    ? first
    : Buffer.from(first.buffer, first.byteOffset, first.byteLength);
}

/** As {@link receiveBody}. Never rejects. */
export function collectBody(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<BodyCollector | NoBody> {
  return new Promise((resolve) => receiveBody(request, limits, resolve));
}

/**
 * Reads the body of a request that nothing else has read. A body that is too large is not read to its end.
 *
 * @param done - called once
 */
export function receiveBody(
  request: IncomingMessage,
  { size, deadlines, mayHold }: BodyLimits,
  done: (result: BodyCollector | NoBody) => void,
): void {
  if (Number(request.headers['content-length'] ?? 0) > size) {
    done(tooLarge);
    return;
  }
  const collector = new BodyCollector(size);
  let isDone = false;
  const finish = (result: BodyCollector | NoBody): void => {
    if (isDone) return;
    isDone = true;
    deadline?.clear();
    request.off('data', take);
    done(result);
  };
  const take = (chunk: Buffer): void => {
    deadline?.refresh();
    if (!collector.add(chunk)) finish(tooLarge);
    else if (mayHold?.(collector.size) === false) finish(overloaded);
  };
  const close = (): void => finish(cutOff);
  const deadline = deadlines?.start(() => finish(timedOut));
  request.on('data', take);
  request.on('end', () => finish(collector));
  request.on('close', close);
  // Stays: without a listener, a late error of the connection would be thrown.
  request.on('error', close);
}

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
   * Adds a chunk. Once the limit is exceeded, nothing is kept.
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

  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  /** The whole body. A single chunk is returned without a copy. */
  body(): Buffer {
    return joined(this.#chunks);
  }
}
