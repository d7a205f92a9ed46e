import { errorForLog } from '../../common/error-for-log';
import { isSpecError, makeError } from '../../errors';

// Observers of a program (its log, a tracer) must never affect a response. A failure of an observer causes a process warning, once per
// code and part, because a broken observer fails with every request.

const warned = new Set<string>();

/** Runs an observer. @returns its result; undefined if it throws */
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
 * @param part - name of the failed part; begins the message, unless the error is a {@link SpecError}
 * @param detail - the consequence
 */
export function warnOnce(part: string, error: unknown, detail?: string): void {
  const own = ownError(error);
  const warning = own ?? makeError('ERR_SPEC_OBSERVER_FAILED', part, errorForLog(error));
  const key = own === undefined ? part : String(own.code);
  if (warned.has(key)) return;
  warned.add(key);
  emitWarning(warning, detail);
}

/** Warns on stderr if the SDK's log is unavailable. Accepts any thrown value. */
export function warn(error: unknown): void {
  const own = ownError(error);
  if (own === undefined) process.emitWarning(errorForLog(error));
  else emitWarning(own);
}

function emitWarning(error: Error, detail?: string): void {
  const { name, message, code } = error as Error & { code: string };
  process.emitWarning(message, { type: name, code, ...(detail === undefined ? {} : { detail }) });
}

/** Returns the error if it is one of this package. Inspecting other values may throw, for example a revoked Proxy. */
function ownError(error: unknown): (Error & { readonly code: string }) | undefined {
  try {
    return isSpecError(error) ? error : undefined;
  } catch {
    return undefined;
  }
}
