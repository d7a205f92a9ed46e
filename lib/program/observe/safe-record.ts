import { Console } from 'node:console';

import { callerOf } from '../../sdk/call-site';
import {
  customFields,
  type LogLevel,
  longTextOption,
  recordText,
  writeCustomField,
} from '../../sdk/log';
import { toOneLine } from '../../sdk/log-text';
import { attempt, warnOnce } from './guard';

const levelNames: Readonly<Record<LogLevel, string>> = { 0: 'INFO', 1: 'ERR', 2: 'DBG' };
const DEBUG: LogLevel = 2;

/**
 * Writes a record like `WWSPEC_LOG_INFO`, but never throws: arguments that cannot be formatted are replaced by the reason, and if
 * the SDK's log fails, the record goes to standard error.
 *
 * @param callee - its call site provides file and line of the record
 * @param prefix - begins each record of the text; ASCII, at most 64 characters
 */
export function writeRecordSafely(
  level: LogLevel,
  callee: (...args: never[]) => unknown,
  args: unknown[],
  prefix: string,
): void {
  const place = attempt('Finding the place of a log call', () => callerOf(callee));
  const file = toOneLine(place?.file ?? 'unknown');
  const longText = attempt('WEWORK_SPEC_LOG_LONG_TEXT', longTextOption) ?? 'cut';
  const text = recordText(args, longText);
  for (const custom of customFields(text, prefix, longText)) {
    put(level, file, place?.line ?? 0, custom);
  }
}

function put(level: LogLevel, file: string, line: number, custom: string): void {
  try {
    writeCustomField(level, file, line, custom);
  } catch (error) {
    attempt('Standard error', () => {
      const instead =
        'Records of the log go to standard error instead, those of level DBG nowhere.';
      warnOnce("The SDK's log", error, instead);
      // Dropped: the platform also collects DBG records on request only.
      if (level === DEBUG) return;
      const now = new Date().toISOString();
      standardError().error('%s', `${now},${levelNames[level]},${file},${line},${custom}`);
    });
  }
}

let console: Console | undefined;

/** Not the global console, because a program may have replaced it. This one also ignores a closed pipe. */
function standardError(): Console {
  console ??= new Console({ stdout: process.stderr, stderr: process.stderr });
  return console;
}
