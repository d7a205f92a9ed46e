import { inspect } from 'node:util';
import { printable } from '../../common/text';
import { isSandbox } from '../../sdk/binding';
import { attempt } from './guard';

/**
 * In a sandbox, prints an exception with its stack and causes on the standard error: the log record has room for one line. In the
 * zone, nothing is printed.
 *
 * @param what - what has thrown it
 */
export function showException(what: string, error: unknown): void {
  if (!isSandbox()) return;
  attempt('the exception of a handler', () => {
    process.stderr.write(`${printable(`${what}: ${inspect(error)}`)}\n`);
  });
}
