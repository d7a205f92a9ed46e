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
  const { path, line, column } = topFrame(callee) ?? {};
  if (!path || !line) return unknown;
  // Typed as if it were whole, but a map may have no source for a place.
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

/** The structured frame, without the cost of formatting a stack, and whatever formatter the program has installed. */
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
