import { createReadStream } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogRecord, LogRecordLevel } from './log-record';

const SEGMENTS = 16;

/** Which log records to return; all conditions must match. */
export interface LogQuery {
  /** Only records about this request: {@link LogRecord.reqId}, or the `request_id` of a `ZoneProgram`. */
  readonly reqId?: string;
  /** One level, or several. */
  readonly level?: LogRecordLevel | readonly LogRecordLevel[];
  /** A substring of the record's text. */
  readonly text?: string;
  /** Not before this time: milliseconds since 1970, or a Date. */
  readonly since?: number | Date;
  /** Before this time. */
  readonly until?: number | Date;
  /** Only records of this program. */
  readonly programId?: string;
  /** Only records after the one with this `seq`. */
  readonly after?: number;
  /** At most this many records, the newest ones; from 1, by default 1000. */
  readonly limit?: number;
}

interface Segment {
  readonly path: string;
  readonly firstSeq: number;
  bytes: number;
}

/** Log records on disk, in 16 files. When the newest file is full, the oldest one is deleted. */
export class LogRing {
  readonly #dir: string;
  readonly #segmentBytes: number;
  #segments: Segment[] = [];
  #seq = 0;

  /** @param bytes - approximate limit of all records. */
  constructor(dir: string, bytes: number) {
    this.#dir = dir;
    this.#segmentBytes = Math.ceil(bytes / SEGMENTS);
  }

  /** Appends records in their order, and returns them with their `seq`. */
  async append(records: readonly Omit<LogRecord, 'seq'>[]): Promise<LogRecord[]> {
    const appended: LogRecord[] = [];
    let pending: { segment: Segment; lines: string[] } | undefined;
    for (const record of records) {
      this.#seq += 1;
      const entry = { seq: this.#seq, ...record };
      appended.push(entry);
      const line = `${JSON.stringify(entry)}\n`;
      const segment = this.#segmentFor(this.#seq);
      if (pending !== undefined && pending.segment !== segment) await this.#write(pending);
      if (pending?.segment !== segment) pending = { segment, lines: [] };
      pending.lines.push(line);
      segment.bytes += Buffer.byteLength(line);
    }
    if (pending !== undefined) await this.#write(pending);
    return appended;
  }

  /** The records that match a query, oldest first. */
  async search(query: LogQuery): Promise<LogRecord[]> {
    const { after = 0, limit = 1000 } = query;
    const matches = matcher(query);
    const found: LogRecord[] = [];
    for (const [index, segment] of this.#segments.entries()) {
      const next = this.#segments[index + 1];
      if (next !== undefined && next.firstSeq <= after + 1) continue;
      for await (const line of linesOf(segment.path)) {
        const record = JSON.parse(line) as LogRecord;
        if (record.seq > after && matches(record)) found.push(record);
        // Bounds the memory: only the newest `limit` records are returned.
        if (found.length > 2 * limit + 1000) found.splice(0, found.length - limit);
      }
    }
    return found.slice(-limit);
  }

  /** `seq` of the newest record; 0 if there is none. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Deletes all records; `seq` continues. */
  async clear(): Promise<void> {
    const segments = this.#segments;
    this.#segments = [];
    await Promise.all(segments.map(({ path }) => rm(path, { force: true })));
  }

  /** Size of all records on disk, in bytes. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  #segmentFor(seq: number): Segment {
    const newest = this.#segments.at(-1);
    if (newest !== undefined && newest.bytes < this.#segmentBytes) return newest;
    const path = join(this.#dir, `${String(seq).padStart(16, '0')}.jsonl`);
    const segment: Segment = { path, firstSeq: seq, bytes: 0 };
    this.#segments.push(segment);
    return segment;
  }

  async #write({ segment, lines }: { segment: Segment; lines: string[] }): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    await appendFile(segment.path, lines.join(''), { mode: 0o600 });
    while (this.#segments.length > SEGMENTS) {
      const oldest = this.#segments.shift();
      if (oldest !== undefined) await rm(oldest.path, { force: true });
    }
  }
}

function matcher(query: LogQuery): (record: LogRecord) => boolean {
  const { reqId, level, text, programId } = query;
  const levels = typeof level === 'string' ? [level] : level;
  const since = query.since === undefined ? Number.NEGATIVE_INFINITY : Number(query.since);
  const until = query.until === undefined ? Number.POSITIVE_INFINITY : Number(query.until);
  return (record) =>
    (reqId === undefined || record.reqId === reqId || record.text.startsWith(`[${reqId}] `)) &&
    (levels === undefined || levels.includes(record.level)) &&
    (programId === undefined || record.programId === programId) &&
    record.time >= since &&
    record.time < until &&
    (text === undefined || record.text.includes(text));
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8');
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    // The ring has deleted the file since the search began.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    stream.destroy();
  }
}
