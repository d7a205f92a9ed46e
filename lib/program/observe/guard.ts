import { isSpecError, makeError } from '../../errors';
import { errorForLog } from './error-for-log';

// What observes a program (its log, a tracer) must never decide about an answer. It is guarded here, and a failure of it is a
// process warning: once for each code and part, because a part that fails does so with every request.

const warned = new Set<string>();

/** Runs a part that only observes. @returns its result; undefined when it has thrown */
export function attempt<T>(part: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    warnOnce(part, error);
    return undefined;
  }
}

/**
 * Warns once per process of a failure that no answer depends on.
 *
 * @param part - what has failed: begins the sentence, for errors that have no text of ours
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

/** An error of this package; looking at another value may throw by itself, as at a revoked Proxy. */
function ownError(error: unknown): (Error & { readonly code: string }) | undefined {
  try {
    return isSpecError(error) ? error : undefined;
  } catch {
    return undefined;
  }
}
