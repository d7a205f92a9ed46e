/** The maximum size of the custom field of a log record in bytes (guide, "日志格式说明"). */
export const customBytes = 128;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds control characters
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes a string fit into one line: line breaks, which could fake the start of another record, and other control characters
 * are escaped. Lone surrogates become U+FFFD.
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
 * Splits a string into pieces of at most `room` bytes of UTF-8, never inside a character.
 *
 * @param room - at least 4, the size of the longest character
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
    // A byte of the form 10xxxxxx continues a character.
    while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
    yield bytes.toString('utf8', start, end);
    start = end;
  }
}
