import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { errorForLog } from '../../common/error-for-log';
import type { LogLevel } from '../../sdk/log';
import { writeRecordSafely } from './safe-record';

/** Console methods that depend on its state or layout. */
const laidOut = [
  'assert',
  'count',
  'countReset',
  'dir',
  'dirxml',
  'group',
  'groupCollapsed',
  'groupEnd',
  'table',
  'time',
  'timeEnd',
  'timeLog',
] as const satisfies readonly (keyof ProgramLog)[];

/**
 * The zone's log, for one request or for the program. Each record begins with the request's id in brackets, `[3f9c01ab] …`, so that
 * the platform's log search finds all records of a request. A program's log determines the current request by itself.
 *
 * A drop-in replacement for `console`: `log`, `info` and `warn` (prefixed with `warn: `) write level `INFO`, `error` and failed
 * assertions `ERR`, `debug` and `trace` `DBG`. Also a pino destination: `pino({}, program.log)`; levels from 50 become `ERR`, below
 * 30 `DBG`.
 *
 * No method throws: arguments that cannot be formatted are replaced by the reason. If the SDK has no log macros, or its log fails,
 * records go to standard error (`DBG` records are dropped) after one process warning.
 *
 * A record holds 128 bytes, 11 of them for the id; see {@link configureLog} for longer texts.
 */
export interface ProgramLog
  extends Pick<
    Console,
    | 'log'
    | 'info'
    | 'warn'
    | 'error'
    | 'debug'
    | 'trace'
    | 'assert'
    | 'count'
    | 'countReset'
    | 'dir'
    | 'dirxml'
    | 'group'
    | 'groupCollapsed'
    | 'groupEnd'
    | 'table'
    | 'time'
    | 'timeEnd'
    | 'timeLog'
  > {
  /** Writes a line of pino, or any other text. */
  write(line: string): boolean;
}

type Method = (...args: unknown[]) => void;

const INFO: LogLevel = 0;
const ERROR: LogLevel = 1;
const DEBUG: LogLevel = 2;

/** @param requestId - called for each record; returns undefined for a record without an id */
export function programLog(requestId: () => string | undefined): ProgramLog {
  const put = (level: LogLevel, callee: Method, args: unknown[]): void => {
    const id = requestId();
    writeRecordSafely(level, callee, args, id === undefined ? '' : `[${id}] `);
  };
  const info: Method = (...args) => put(INFO, info, args);
  const log: Method = (...args) => put(INFO, log, args);
  const warn: Method = (first, ...rest) => {
    // Keeps the first argument the format string.
    const args =
      typeof first === 'string' ? [`warn: ${first}`, ...rest] : ['warn:', first, ...rest];
    put(INFO, warn, args);
  };
  const error: Method = (...args) => put(ERROR, error, args);
  const debug: Method = (...args) => put(DEBUG, debug, args);
  const trace: Method = (...args) => put(DEBUG, trace, args);
  const write = (line: string): boolean => {
    const [level, text] = typeof line === 'string' ? fromPino(line) : [INFO, line];
    put(level, write as Method, ['%s', text]);
    return true;
  };

  // A real Console formats tables, groups and timers; its output is written with the level of the called method.
  let console: Console | undefined;
  let called: Method = info;
  const laidOutMethods = laidOut.map((name): [(typeof laidOut)[number], Method] => {
    const method: Method = (...args) => {
      console ??= consoleInto((level, text) => put(level, called, ['%s', text]));
      called = method;
      try {
        (console[name] as Method)(...args);
      } catch (error) {
        // A real Console throws exceptions of formatting.
        put(INFO, method, ['%s (arguments cannot be formatted: %s)', name, errorForLog(error)]);
      }
    };
    return [name, method];
  });
  const own = { info, log, warn, error, debug, trace, write };
  return Object.assign(Object.fromEntries(laidOutMethods), own) as unknown as ProgramLog;
}

function consoleInto(print: (level: LogLevel, text: string) => void): Console {
  const stream = (level: LogLevel) =>
    new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        for (const line of text.split('\n')) if (line !== '') print(level, line);
        done();
      },
    });
  return new Console({ stdout: stream(INFO), stderr: stream(ERROR) });
}

const pinoLevels: Readonly<Record<string, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
};

/** Level and text of a line of pino; any other text has level INFO. */
function fromPino(line: string): [level: LogLevel, text: string] {
  const plain = line.trimEnd();
  try {
    return recordOf(JSON.parse(plain)) ?? [INFO, plain];
  } catch {
    return [INFO, plain];
  }
}

function recordOf(parsed: unknown): [level: LogLevel, text: string] | undefined {
  if (typeof parsed !== 'object' || parsed === null || !('level' in parsed)) return undefined;
  const { level, time: _time, pid: _pid, hostname: _host, msg, ...rest } = parsed as PinoRecord;
  const number = typeof level === 'number' ? level : (pinoLevels[String(level)] ?? 30);
  const fields = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest);
  const text = [number === 40 ? 'warn:' : '', msg ?? '', fields].filter((part) => part !== '');
  return [number >= 50 ? ERROR : number >= 30 ? INFO : DEBUG, text.join(' ')];
}

interface PinoRecord {
  level: unknown;
  time?: unknown;
  pid?: unknown;
  hostname?: unknown;
  msg?: string;
}
