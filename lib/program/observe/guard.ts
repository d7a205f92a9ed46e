import { errorForLog } from '../../common/error-for-log';
import { isSpecError, makeError } from '../../errors';

// Observers of a program (its log, a tracer) must never affect a response. A failure of one becomes a process warning, once for each
// code and part, because a broken observer fails with every request.

const warned = new Set<string>();

/** Runs an observer. @returns its result; undefined when it throws */
export function attempt<T>(part: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    warnOnce(part, error);
    return undefined;
  }
}

/**
 * Warns once per process of a failed observer.
 *
 * @param part - what has failed; begins the message, unless the error is a {@link SpecError}
 * @param detail - what happens instead
 */
export function warnOnce(part: string, error: unknown, detail?: string): void {
  const own = ownError(error);
  const told = own ?? makeError('ERR_SPEC_OBSERVER_FAILED', part, errorForLog(error));
  const key = own === undefined ? part : String(own.code);
  if (warned.has(key)) return;
  warned.add(key);
  emitWarning(told, detail);
}

/** Warns on stderr when the SDK's log is unavailable. Takes whatever was thrown. */
export function warn(error: unknown): void {
  const own = ownError(error);
  if (own === undefined) process.emitWarning(errorForLog(error));
  else emitWarning(own);
}

function emitWarning(error: Error, detail?: string): void {
  const { name, message, code } = error as Error & { code: string };
  process.emitWarning(message, { type: name, code, ...(detail === undefined ? {} : { detail }) });
}

/** The error, if it is one of this package. Inspecting another value may throw, for example a revoked Proxy. */
function ownError(error: unknown): (Error & { readonly code: string }) | undefined {
  try {
    return isSpecError(error) ? error : undefined;
  } catch {
    return undefined;
  }
}
