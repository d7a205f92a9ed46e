import { formatWithOptions } from 'node:util';
import type { LogLevel } from '../binding/native';
import { errorForLog } from '../common/error-for-log';
import { checkOptions } from '../common/options';
import { makeError } from '../errors';
import { binding } from './binding';
import { callerOf } from './call-site';
import { customBytes, pieces, toOneLine } from './log-text';

export type { LogLevel };

/** How the log functions treat what they are given. */
export interface LogOptions {
  /**
   * What happens to a text of more than 128 bytes, the limit of the platform for the custom field: `cut` (the default)
   * keeps what fits, up to a character's end; `split` writes as many records as it takes, so that nothing is lost.
   */
  longText?: 'cut' | 'split';
}

/** How objects are written, as a record is one line. */
const onOneLine = { breakLength: Number.POSITIVE_INFINITY, compact: true };

let longText: 'cut' | 'split' | undefined;

/**
 * Sets how the log functions of this process or Worker behave.
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
    throw makeError('ERR_SPEC_INVALID_ARG_VALUE', name, 'must be "cut" or "split"');
  }
  return value;
}

/** @param callee - file and line of the record are where this function was called from */
function writeRecord(
  level: LogLevel,
  callee: (...args: never[]) => unknown,
  args: unknown[],
): void {
  const longText = longTextOption();
  const text = recordText(args);
  const { file, line } = callerOf(callee);
  const fileName = toOneLine(file);
  for (const custom of customFields(text, '', longText)) {
    writeCustomField(level, fileName, line, custom);
  }
}

// The parts of writeRecord, for the layers above; index.ts does not export them.

/** @throws TypeError `ERR_SPEC_INVALID_ARG_VALUE` for a wrong `WEWORK_SPEC_LOG_LONG_TEXT` */
export function longTextOption(): 'cut' | 'split' {
  longText ??= checkLongText(
    process.env.WEWORK_SPEC_LOG_LONG_TEXT || 'cut',
    'WEWORK_SPEC_LOG_LONG_TEXT',
  );
  return longText;
}

/** The arguments as one line. Never throws: arguments that cannot be formatted are replaced by the reason. */
export function recordText(args: unknown[]): string {
  try {
    return toOneLine(formatWithOptions(onOneLine, ...args));
  } catch (error) {
    // The format string is the program's own text, and enough to find the call.
    const [format] = args;
    const what = typeof format === 'string' ? `${format.slice(0, customBytes)} ` : '';
    return toOneLine(`${what}(arguments cannot be formatted: ${errorForLog(error)})`);
  }
}

/**
 * The custom fields of the records that a text becomes.
 *
 * @param prefix - begins each of them; ASCII, at most 64 characters
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

/** One record, as it is. @throws what loading the addon throws, and the SDK's log */
export function writeCustomField(level: LogLevel, file: string, line: number, text: string): void {
  binding().native.log(level, file, line, text);
}

/**
 * Writes a record of level `INFO` to the zone's log: `<pid,tid>,datetime,level,req_id,file,line,custom`. File and line
 * are those of the call.
 *
 * The arguments are joined as by `util.format`, so both `WWSPEC_LOG_INFO('ret=%d', ret)` and
 * `WWSPEC_LOG_INFO('ret', ret)` read well. The text is data: the SDK never takes it for a format. Line breaks
 * are written as `\n`. Of more than 128 bytes the rest is cut off, or see {@link configureLog}. A program may log
 * 1 GB an hour; the platform drops what is beyond.
 *
 * @throws SpecError `ERR_SPEC_UNSUPPORTED_BY_SDK` with an SDK that has no log macros
 * @see the guide, "专区程序的日志打印": https://developer.work.weixin.qq.com/document/path/99948
 */
export function WWSPEC_LOG_INFO(format: unknown, ...args: unknown[]): void {
  writeRecord(0, WWSPEC_LOG_INFO, [format, ...args]);
}

/** The same as {@link WWSPEC_LOG_INFO} with level `ERR`. */
export function WWSPEC_LOG_ERROR(format: unknown, ...args: unknown[]): void {
  writeRecord(1, WWSPEC_LOG_ERROR, [format, ...args]);
}

/**
 * The same as {@link WWSPEC_LOG_INFO} with level `DBG`, which the platform collects only when the application has set
 * the program's log level to 3 (https://developer.work.weixin.qq.com/document/path/100106).
 */
export function WWSPEC_LOG_DEBUG(format: unknown, ...args: unknown[]): void {
  writeRecord(2, WWSPEC_LOG_DEBUG, [format, ...args]);
}
