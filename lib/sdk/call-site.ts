import { findSourceMap } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in the program's source. */
export interface CallSite {
  /** Base name of the file. */
  readonly file: string;
  /** From 1; 0 when it is not known. */
  readonly line: number;
}

const unknown: CallSite = { file: 'unknown', line: 0 };

/**
 * Where `callee` was called from. With source maps switched on (`node --enable-source-maps`) that is the TypeScript
 * line.
 *
 * @param callee - the frames down to this function are left out
 */
export function callerOf(callee: (...args: never[]) => unknown): CallSite {
  const site = topFrame(callee);
  const path = site?.getFileName();
  const line = site?.getLineNumber();
  if (!site || !path || !line) return unknown;
  // Typed as if it were whole, but a map may have no source for a place.
  const mapped: { originalSource?: string; originalLine?: number } | undefined = findSourceMap(
    path,
  )?.findEntry(line - 1, (site.getColumnNumber() ?? 1) - 1);
  if (mapped?.originalSource !== undefined && mapped.originalLine !== undefined) {
    return { file: fileName(mapped.originalSource), line: mapped.originalLine + 1 };
  }
  return { file: fileName(path), line };
}

/** The structured frame, without the cost of formatting a stack, and whatever formatter the program has installed. */
function topFrame(callee: (...args: never[]) => unknown): NodeJS.CallSite | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = (_, frames) => frames;
    Error.stackTraceLimit = 1;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, callee);
    return (holder.stack as NodeJS.CallSite[] | undefined)?.[0];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function fileName(source: string): string {
  try {
    return basename(source.startsWith('file:') ? fileURLToPath(source) : source);
  } catch {
    return basename(source);
  }
}
