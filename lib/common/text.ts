const LONGEST_QUOTE = 300;

/** The first line of a message; the further ones are quotes or a stack. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** Makes foreign text fit to be quoted in a message: one line, no control or bidi characters, at most 300 characters. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}

/**
 * Makes foreign text fit for a terminal: control characters (ESC and C1 among them), bidi and line separator characters become escapes
 * as in JSON, in which they mean the same. Line feeds and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
