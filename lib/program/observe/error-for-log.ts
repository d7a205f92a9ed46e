import { oneLine } from '../../common/text';

const firstPlace = /^\s+at (?:.*\()?([^()\s]+:\d+):\d+\)?$/m;

/**
 * An error for the log: its name, code, message and place. The messages of JSON.parse quote from the text that it got,
 * which may be content, and stay out.
 */
export function errorForLog(error: unknown): string {
  try {
    return wordsOf(error);
  } catch {
    return 'threw a value that cannot be read';
  }
}

function wordsOf(error: unknown): string {
  // Errors of another realm, as a test runner makes them, are no instances of ours.
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
