import { oneLine } from './text';

const firstPlace = /^\s+at (?:.*\()?([^()\s]+:\d+):\d+\)?$/m;

/**
 * Describes an error for the log: name, code, message and place. Omits messages of `JSON.parse`, because they quote the parsed text,
 * which may be conversation content.
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
  const words = [
    typeof name === 'string' ? name : 'object',
    typeof code === 'string' ? ` ${code}` : '',
    typeof message === 'string' && name !== 'SyntaxError' ? `: ${oneLine(message)}` : '',
    place === undefined ? '' : ` at ${place.split('/').pop()}`,
  ];
  return words.join('');
}
