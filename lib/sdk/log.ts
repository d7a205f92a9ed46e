import { formatWithOptions } from 'node:util';
import type { LogLevel } from '../binding/native';
import { errorForLog } from '../common/error-for-log';
import { checkOptions, wrongValue } from '../common/options';
import { binding } from './binding';
import { callerOf } from './call-site';
import { customBytes, pieces, toOneLine } from './log-text';

export type { LogLevel };

/** Options of the log functions. */
export interface LogOptions {
  /**
   * How to handle a text of more than 128 bytes, the platform's limit for the custom field: `cut` (the default) truncates
   * it at a character boundary, `split` writes it as several records.
   */
  longText?: 'cut' | 'split';
}

/** Keeps formatted objects on one line, because a record is one line. */
const onOneLine = { breakLength: Number.POSITIVE_INFINITY, compact: true };

/** Characters that a truncated text can need, however it is formatted; the rest must not cost time. */
const CUT_CHARACTERS = 4096;

let longText: 'cut' | 'split' | undefined;

/**
 * Configures the log functions of this process or Worker. The variable `WEWORK_SPEC_LOG_LONG_TEXT` sets the default of
 * `longText`.
 *
 * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`
 */
export function configureLog(options: LogOptions): void {
  checkOptions(options);
  const { longText: wanted = 'cut' } = options;
  longText = checkLongText(wanted, 'options.longText');
}

function checkLongText(value: string, name: string): 'cut' | 'split' {
  if (value !== 'cut' && value !== 'split') {
    throw wrongValue(name, 'must be "cut" or "split"', value);
  }
  return value;
}

/** @param callee - the record gets the file and line from which this function was called */
function writeRecord(
  level: LogLevel,
  callee: (...args: never[]) => unknown,
  args: unknown[],
): void {
  const longText = longTextOption();
  const text = recordText(args, longText);
  const { file, line } = callerOf(callee);
  const fileName = toOneLine(file);
  for (const custom of customFields(text, '', longText)) {
    writeCustomField(level, fileName, line, custom);
  }
}

// The steps of writeRecord, for lib/program; index.ts does not export them.

/** @throws TypeError `ERR_SPEC_INVALID_ARG_VALUE` for an invalid `WEWORK_SPEC_LOG_LONG_TEXT` */
export function longTextOption(): 'cut' | 'split' {
  longText ??= checkLongText(
    process.env.WEWORK_SPEC_LOG_LONG_TEXT || 'cut',
    'WEWORK_SPEC_LOG_LONG_TEXT',
  );
  return longText;
}

/** Formats the arguments as one line. Never throws: arguments that cannot be formatted are replaced by the reason. */
export function recordText(args: unknown[], longText: 'cut' | 'split'): string {
  try {
    if (longText === 'split') return toOneLine(formatWithOptions(onOneLine, ...args));
    const short = args.map((arg) => (typeof arg === 'string' ? arg.slice(0, CUT_CHARACTERS) : arg));
    return toOneLine(formatWithOptions(onOneLine, ...short).slice(0, CUT_CHARACTERS));
  } catch (error) {
    // The format string is the program's own text, and enough to find the call.
    const [format] = args;
    const what = typeof format === 'string' ? `${format.slice(0, customBytes)} ` : '';
    return toOneLine(`${what}(arguments cannot be formatted: ${errorForLog(error)})`);
  }
}

/**
 * The custom fields of the records for a text.
 *
 * @param prefix - the start of each field; ASCII, at most 64 characters
 */
export function* customFields(
  text: string,
  prefix: string,
  longText: 'cut' | 'split',
): Generator<string> {
  for (const piece of pieces(text, customBytes - prefix.length)) {
    yield prefix + piece;
    if (longText === 'cut') return;
  }
}

/**
 * Writes one record without escaping or truncation.
 *
 * @throws SpecError `ERR_SPEC_UNSUPPORTED_BY_SDK`, `ERR_SPEC_SDK_EXCEPTION`, and the errors of {@link loadBinding}
 */
export function writeCustomField(level: LogLevel, file: string, line: number, text: string): void {
  binding().native.log(level, file, line, text);
}

/**
 * Writes a record of level `INFO` to the zone's log: `<pid,tid>,datetime,level,req_id,file,line,custom`. File and line
 * are the caller's.
 *
 * The arguments are formatted like those of `util.format`: both `WWSPEC_LOG_INFO('ret=%d', ret)` and
 * `WWSPEC_LOG_INFO('ret', ret)` work. The SDK does not interpret the result as a format string. Line breaks are written as
 * `\n`. Text beyond 128 bytes is truncated; {@link configureLog} can split it into several records instead. The platform
 * drops records beyond 1 GB per program and hour.
 *
 * @throws SpecError `ERR_SPEC_UNSUPPORTED_BY_SDK` if the SDK has no log macros, `ERR_SPEC_SDK_EXCEPTION`; TypeError
 * `ERR_SPEC_INVALID_ARG_VALUE` for an invalid `WEWORK_SPEC_LOG_LONG_TEXT`
 * @see guide, "专区程序的日志打印": https://developer.work.weixin.qq.com/document/path/99948
 */
export function WWSPEC_LOG_INFO(format: unknown, ...args: unknown[]): void {
  writeRecord(0, WWSPEC_LOG_INFO, [format, ...args]);
}

/**
 * Writes a record of level `ERR`; otherwise like {@link WWSPEC_LOG_INFO}.
 *
 * @throws as {@link WWSPEC_LOG_INFO}
 */
export function WWSPEC_LOG_ERROR(format: unknown, ...args: unknown[]): void {
  writeRecord(1, WWSPEC_LOG_ERROR, [format, ...args]);
}

/**
 * Writes a record of level `DBG`; otherwise like {@link WWSPEC_LOG_INFO}. The platform collects these records only while the
 * program's log level is 3.
 *
 * @throws as {@link WWSPEC_LOG_INFO}
 * @see the server interface set_log_level: https://developer.work.weixin.qq.com/document/path/100106
 */
export function WWSPEC_LOG_DEBUG(format: unknown, ...args: unknown[]): void {
  writeRecord(2, WWSPEC_LOG_DEBUG, [format, ...args]);
}
