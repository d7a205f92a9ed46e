import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A parsed line of the log. */
export interface LogRecord {
  readonly pid: number;
  readonly tid: number;
  readonly time: string;
  readonly level: string;
  readonly requestId: string;
  readonly file: string;
  readonly line: number;
  readonly custom: string;
}

// The guide's format: <pid,tid>,datetime,level,req_id,file,line,custom
const form =
  /^<(\d+),(\d+)>,(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}),(INFO|ERR|DBG),([0-9a-f]{16}),([^,]+),(\d+),(.*)$/su;

/** Parses a log; throws if a line has another format, or the last one has no line break. */
export function recordsOf(log: string): LogRecord[] {
  const lines = log.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  return lines.map((text) => {
    const found = form.exec(text);
    if (!found) throw new Error(`not a record: ${JSON.stringify(text)}`);
    const [, pid, tid, time = '', level = '', requestId = '', file = '', line, custom = ''] = found;
    return {
      pid: Number(pid),
      tid: Number(tid),
      time,
      level,
      requestId,
      file,
      line: Number(line),
      custom,
    };
  });
}

/** A file for the SDK's log. */
export class LogFile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'wework-spec-log-'));
  readonly path = join(this.#folder, 'log.txt');

  constructor() {
    writeFileSync(this.path, '');
  }

  /** The bytes that `run` writes. */
  bytesOf(run: () => void): Buffer {
    truncateSync(this.path);
    run();
    return readFileSync(this.path);
  }

  /** The records that `run` writes. */
  recordsOf(run: () => void): LogRecord[] {
    return recordsOf(this.bytesOf(run).toString());
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
