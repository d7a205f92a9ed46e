import { types } from 'node:util';
import type { ByteCollector } from '../binding/native';
import type { RequestBody } from '../common/body';
import { wrongType, wrongValue } from '../common/options';
import { Slots } from '../common/slots';
import { binding } from './binding';

/** Bytes or characters that are copied in one turn of the event loop: about a millisecond, most of it for fresh memory. */
const PER_TURN = 512 * 1024;

const MAX_CAPACITY = 2 ** 32 - 1;

/** Held by the one that copies in this turn, so that many copies do not block a turn together. */
const turn = new Slots(1);

/**
 * Copies text or bytes for a thread, at most {@link PER_TURN} in one turn of the event loop. Threads never read the memory of
 * JavaScript, which could change or free it.
 *
 * @param name - the argument, for errors
 * @returns rejected with TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
 */
export async function collectInTurns(name: string, input: RequestBody): Promise<ByteCollector> {
  const { ByteCollector } = binding().native;
  const chunks = typeof input === 'string' ? [input] : chunksOf(name, input);
  const size = chunks.reduce((total, { length }) => total + length, 0);
  // A UTF-16 unit has at most 3 bytes in UTF-8.
  const capacity = typeof input === 'string' ? 3 * size : size;
  const collector = new ByteCollector(name, Math.min(capacity, MAX_CAPACITY));
  let copied = 0;
  let left = PER_TURN;
  await turn.take(undefined);
  try {
    for (const piece of piecesOf(chunks)) {
      if (left < piece.length) {
        endTurn();
        await turn.take(undefined);
        left = PER_TURN;
      }
      collector.Add(piece);
      left -= piece.length;
      copied += piece.length;
    }
  } finally {
    endTurn();
  }
  if (copied === size) return collector;
  throw wrongValue(name, 'must not be detached or resized while it is copied', input);
}

function endTurn(): void {
  setImmediate(() => turn.give());
}

function* piecesOf(chunks: readonly (string | Uint8Array)[]): Generator<string | Uint8Array> {
  for (const chunk of chunks) {
    let start = 0;
    while (start < chunk.length) {
      let end = start + PER_TURN;
      if (typeof chunk === 'string') {
        if (endsInPair(chunk, end)) end -= 1;
        yield chunk.slice(start, end);
      } else {
        yield chunk.subarray(start, end);
      }
      start = end;
    }
  }
}

/** Whether the position is between the halves of a surrogate pair. */
function endsInPair(text: string, end: number): boolean {
  return (text.codePointAt(end - 1) ?? 0) > 0xffff;
}

/** A copy of the list, because its owner may change it meanwhile. */
function chunksOf(name: string, input: Uint8Array | readonly Uint8Array[]): Uint8Array[] {
  if (types.isUint8Array(input)) return [input];
  if (!Array.isArray(input)) {
    const expected = 'of type string or an instance of Buffer, Uint8Array or Array';
    throw wrongType(name, expected, input);
  }
  const chunks: Uint8Array[] = [];
  for (let index = 0; index < input.length; index += 1) {
    const chunk: unknown = input[index];
    if (!types.isUint8Array(chunk)) {
      throw wrongType(`${name}[${index}]`, 'an instance of Buffer or Uint8Array', chunk);
    }
    chunks.push(chunk);
  }
  return chunks;
}
