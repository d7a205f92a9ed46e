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
  const { path, line, column } = topFrame(callee) ?? {};
  if (!path || !line) return unknown;
  // The type declares these fields as always present, but they are missing for a location that the map does not cover.
  const mapped: { originalSource?: string; originalLine?: number } | undefined = findSourceMap(
    path,
  )?.findEntry(line - 1, (column ?? 1) - 1);
  if (mapped?.originalSource !== undefined && mapped.originalLine !== undefined) {
    return { file: fileName(mapped.originalSource), line: mapped.originalLine + 1 };
  }
  return { file: fileName(path), line };
}

interface Frame {
  readonly path?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Reads the structured frame: cheaper than a formatted stack, and independent of a formatter that the program has installed. */
function topFrame(callee: (...args: never[]) => unknown): Frame | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  // Not by assignment, which throws where Error is frozen (node --frozen-intrinsics); the stack is a text then.
  Reflect.set(Error, 'prepareStackTrace', (_: Error, frames: NodeJS.CallSite[]) => frames);
  Reflect.set(Error, 'stackTraceLimit', 1);
  try {
    const holder: { stack?: string | NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, callee);
    return frameOf(holder.stack);
  } catch {
    return undefined;
  } finally {
    Reflect.set(Error, 'prepareStackTrace', prepareStackTrace);
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}

function frameOf(stack: string | NodeJS.CallSite[] | undefined): Frame | undefined {
  if (typeof stack === 'string') {
    const [, path, line, column] = /^ +at (?:.*\()?(.+):(\d+):(\d+)\)?$/m.exec(stack) ?? [];
    return { path, line: Number(line), column: Number(column) };
  }
  const site = stack?.[0];
  return (
    site && {
      path: site.getFileName() ?? undefined,
      line: site.getLineNumber() ?? undefined,
      column: site.getColumnNumber() ?? undefined,
    }
  );
}

function fileName(source: string): string {
  try {
    return basename(source.startsWith('file:') ? fileURLToPath(source) : source);
  } catch {
    return basename(source);
  }
}
