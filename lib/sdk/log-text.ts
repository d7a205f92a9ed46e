/** Bytes that the custom field of a log record holds (the guide, "日志格式说明"). */
export const customBytes = 128;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes a text fit for a field of a record: a record is one line, so a line break, which could pass for the start of another
 * record, and other control characters are written as escapes. Lone surrogates become U+FFFD.
 */
export function toOneLine(text: string): string {
  const escaped = text.replace(
    controls,
    (character) => escapes[character] ?? escapeOf(character.charCodeAt(0)),
  );
  return escaped.toWellFormed();
}

function escapeOf(unit: number): string {
  const digits = unit.toString(16);
  return unit > 0xff ? `\\u${digits}` : `\\x${digits.padStart(2, '0')}`;
}

/**
 * Cuts a text into pieces of at most `room` bytes of UTF-8, never inside a character.
 *
 * @param room - at least 4, the bytes of the longest character
 */
export function* pieces(text: string, room: number = customBytes): Generator<string> {
  if (text.length <= room && Buffer.byteLength(text) <= room) {
    yield text;
    return;
  }
  const bytes = Buffer.from(text);
  let start = 0;
  while (start < bytes.length) {
    let end = Math.min(start + room, bytes.length);
    // 10xxxxxx continues a character.
    while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
    yield bytes.toString('utf8', start, end);
    start = end;
  }
}
