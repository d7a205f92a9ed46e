import { findSourceMap } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A source location of the program. */
export interface CallSite {
  /** Base name of the file. */
  readonly file: string;
  /** Starts at 1; 0 if unknown. */
  readonly line: number;
}

const unknown: CallSite = { file: 'unknown', line: 0 };

/**
 * Returns the location of the call of `callee`. With source maps enabled (`node --enable-source-maps`) it is the TypeScript
 * line.
 *
 * @param callee - a function on the stack; its own frame and all frames above it are omitted
 */
export function callerOf(callee: (...args: never[]) => unknown): CallSite {
  const site = topFrame(callee);
  const path = site?.getFileName();
  const line = site?.getLineNumber();
  if (!site || !path || !line) return unknown;
  // The type declares these fields as always present, but they are missing for a location that the map does not cover.
  const mapped: { originalSource?: string; originalLine?: number } | undefined = findSourceMap(
    path,
  )?.findEntry(line - 1, (site.getColumnNumber() ?? 1) - 1);
  if (mapped?.originalSource !== undefined && mapped.originalLine !== undefined) {
    return { file: fileName(mapped.originalSource), line: mapped.originalLine + 1 };
  }
  return { file: fileName(path), line };
}

/** Reads the structured frame: cheaper than a formatted stack, and independent of a formatter that the program has installed. */
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
