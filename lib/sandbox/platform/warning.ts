import { inspect } from 'node:util';
import { printable } from '../../common/text';

/** The ends of a call that its caller or the test wanted. */
const WANTED = new Set(['AbortError', 'ERR_SANDBOX_STOPPED']);

/**
 * Writes an exception with its stack to the standard error, as a process warning: the caller of an interface gets errcode -1 alone.
 *
 * @param who - what has thrown it
 */
export function warnOfException(who: string, error: unknown): void {
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  if (WANTED.has(String(name)) || WANTED.has(String(code))) return;
  const words = error instanceof Error && error.stack ? error.stack : inspect(error);
  process.emitWarning(printable(`${who} threw an exception: ${words}`), { type: 'SandboxWarning' });
}
