/** Levels of log records, by their names in the log. */
export type LogRecordLevel = 'ERR' | 'INFO' | 'DBG';

/** One record of a program's log (section 10 of docs/sandbox-protocol.md). */
export interface LogRecord {
  /** Sequence number among the collected records of a sandbox, from 1. */
  readonly seq: number;
  /** program_id of the program that wrote it. */
  readonly programId: string;
  /** The program's process id. */
  readonly pid: number;
  /** The thread id of the system, as the SDK writes it. */
  readonly tid: number;
  /** The program's time, in milliseconds since 1970. */
  readonly time: number;
  /** The severity, as the SDK spells it. */
  readonly level: LogRecordLevel;
  /** 16 hexadecimal digits; the same for all records about one request. */
  readonly reqId: string;
  /** Name of the source file. */
  readonly file: string;
  /** Line in {@link file}, from 1. */
  readonly line: number;
  /** The program's text, at most 128 bytes. */
  readonly text: string;
}

const FORM =
  /^<(\d+),(\d+)>,(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}),(INFO|ERR|DBG),([0-9a-f]{16}),([^,]*),(\d+),(.*)$/su;

/** Parses a line of the log; `undefined` if it is not a log record. */
export function parseLogLine(line: string): Omit<LogRecord, 'seq' | 'programId'> | undefined {
  const found = FORM.exec(line);
  if (found === null) return undefined;
  const [, pid, tid, date, clock, level, reqId = '', file = '', number, text = ''] = found;
  return {
    pid: Number(pid),
    tid: Number(tid),
    // The library writes local time; it runs on the same machine, so the time zone is the same.
    time: new Date(`${date}T${clock}`).getTime(),
    level: level as LogRecordLevel,
    reqId,
    file,
    line: Number(number),
    text,
  };
}

/** Formats a record as a line of the log. */
export function formatLogRecord(record: LogRecord): string {
  const { pid, tid, time, level, reqId, file, line, text } = record;
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `<${pid},${tid}>,${day} ${clock},${level},${reqId},${file},${line},${text}`;
}
