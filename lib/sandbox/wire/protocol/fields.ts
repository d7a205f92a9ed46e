import { decodeUtf8 } from './text';

const FIELD_HEADER_BYTES = 5;

/** The tags of section 5 by the names of their fields. */
export const TAG = {
  corpId: 1,
  agentId: 2,
  callType: 3,
  data: 4,
  isAsync: 5,
  jobInfo: 6,
  abilityId: 7,
  notifyId: 8,
  interfaceName: 16,
  request: 17,
  ret: 18,
  response: 19,
  debugToken: 20,
  accessToken: 21,
} as const;

/** A field to write: its tag, and a string or a number, which is written in decimal. */
export type Field = readonly [tag: number, value: string | number];

/** Writes a sequence of fields: one byte tag, four bytes length (big endian), that many bytes. */
export function encodeFields(fields: readonly Field[]): Buffer {
  const texts = fields.map(([tag, value]) => {
    const text = String(value);
    return { tag, text, size: Buffer.byteLength(text) };
  });
  // Written into one buffer, because copying a page of messages takes as long as encrypting it.
  const plaintext = Buffer.allocUnsafe(
    texts.reduce((sum, { size }) => sum + FIELD_HEADER_BYTES + size, 0),
  );
  let offset = 0;
  for (const { tag, text, size } of texts) {
    offset = plaintext.writeUInt8(tag, offset);
    offset = plaintext.writeUInt32BE(size, offset);
    offset += plaintext.write(text, offset, 'utf8');
  }
  return plaintext;
}

/** The fields of one plaintext. The readers throw {@link MalformedFields}. */
export class Fields {
  readonly #values: ReadonlyMap<number, Buffer>;

  private constructor(values: ReadonlyMap<number, Buffer>) {
    this.#values = values;
  }

  /** Splits a plaintext; throws {@link MalformedFields} when it is truncated or repeats a tag. */
  static parse(plaintext: Buffer): Fields {
    const values = new Map<number, Buffer>();
    let offset = 0;
    while (offset < plaintext.length) {
      if (plaintext.length - offset < FIELD_HEADER_BYTES) {
        throw new MalformedFields('a field is cut short');
      }
      const tag = plaintext.readUInt8(offset);
      const start = offset + FIELD_HEADER_BYTES;
      const end = start + plaintext.readUInt32BE(offset + 1);
      if (end > plaintext.length) throw new MalformedFields('a field is cut short');
      if (values.has(tag)) throw new MalformedFields('a tag occurs twice');
      values.set(tag, plaintext.subarray(start, end));
      offset = end;
    }
    return new Fields(values);
  }

  /** A required text, which may be empty. */
  text(tag: number): string {
    const bytes = this.#values.get(tag);
    if (bytes === undefined) throw new MalformedFields('a required field is absent');
    const text = decodeUtf8(bytes);
    if (text === undefined) throw new MalformedFields('a text is not UTF-8');
    return text;
  }

  /** A text; empty when absent. */
  optionalText(tag: number): string {
    return this.#values.has(tag) ? this.text(tag) : '';
  }

  /** A required number from 0 to `max`, in decimal without leading zeros. */
  number(tag: number, max: number): number {
    const text = this.text(tag);
    const value = Number(text);
    if (!/^(?:0|[1-9]\d{0,9})$/.test(text) || value > max) {
      throw new MalformedFields('a number is malformed or out of range');
    }
    return value;
  }
}

/** The fields of a message do not have the form of section 5. The text never contains their values. */
export class MalformedFields extends Error {
  override readonly name = 'MalformedFields';
}
