import { oneLine } from './text';

const BYTES_BEFORE_PLACE = 50;

const firstPlace = /^\s+at (?:.*\()?([^()\s]+:\d+):\d+\)?$/m;

/**
 * Describes an error for the log: name, code, message and place; a long message comes last. Omits messages of `JSON.parse`, because they
 * quote the parsed text, which may be conversation content.
 */
export function errorForLog(error: unknown): string {
  try {
    return wordsOf(error);
  } catch {
    return 'threw a value that cannot be read';
  }
}

function wordsOf(error: unknown): string {
  // Not instanceof, because errors of another realm, as in test runners, are not instances of this Error.
  if (typeof error !== 'object' || error === null) return `threw a ${typeof error}`;
  const { name, code, message, stack } = error as Partial<Error> & { code?: unknown };
  const place = typeof stack === 'string' ? firstPlace.exec(stack)?.[1] : undefined;
  const at = place === undefined ? '' : ` at ${place.split('/').pop()}`;
  const text = typeof message === 'string' && name !== 'SyntaxError' ? `: ${oneLine(message)}` : '';
  // A record is cut after 128 bytes. What matters about an error of this package is its text, about others also the place.
  const isOwn = typeof code === 'string' && code.startsWith('ERR_SPEC_');
  const fits = isOwn || Buffer.byteLength(text) <= BYTES_BEFORE_PLACE;
  const words = [
    typeof name === 'string' ? name : 'object',
    typeof code === 'string' ? ` ${code}` : '',
    ...(fits ? [text, at] : [at, text]),
  ];
  return words.join('');
}
