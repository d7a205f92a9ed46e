import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLevel } from '../programs/programs';
import type { LogRecord, LogRecordLevel } from './log-record';
import { parseLogLine } from './log-record';
import type { LogQuery } from './log-ring';
import { LogRing } from './log-ring';

/** The limit of a program's log in one hour: 1 GB, as the guide says. */
export const BYTES_PER_HOUR = 1024 ** 3;
const HOUR_MS = 3_600_000;
const COLLECT_EVERY_MS = 500;
const MOVE_AWAY_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

const LEVEL: Readonly<Record<LogRecordLevel, LogLevel>> = { ERR: 1, INFO: 2, DBG: 3 };

export interface LogCollectorOptions {
  /** Folder of the records and of the files to which programs append. */
  readonly dir: string;
  /** Approximate limit of the records on disk. */
  readonly keepBytes: number;
  readonly bytesPerHour: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Level up to which the records of a program are collected. */
  readonly levelOf: (programId: string) => LogLevel;
  /** Called with each collected record. */
  readonly observe?: (record: LogRecord) => void;
}

/** A file to which programs append, and the position up to which it was read. */
interface Source {
  readonly path: string;
  offset: number;
  /** The beginning of a line whose end is not written yet. */
  rest: Buffer;
}

interface ProgramLog {
  current: Source;
  /** The renamed file. A program that had it open may still write a line to it. */
  former: Source | undefined;
  hour: number;
  bytesThisHour: number;
  dropped: number;
}

/**
 * Collects the logs of programs. Their SDK appends records to a file (`WEWORK_SPEC_SANDBOX_LOG_COLLECT`). From there, the records
 * that the log level and the limit of 1 GB for each program and hour admit are moved into a ring on disk.
 */
export class LogCollector {
  readonly #options: LogCollectorOptions;
  readonly #dir: string;
  readonly #ring: LogRing;
  readonly #programs = new Map<string, ProgramLog>();
  readonly #timer: NodeJS.Timeout;
  readonly #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #work: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: LogCollectorOptions) {
    this.#options = options;
    this.#dir = options.dir;
    this.#ring = new LogRing(join(this.#dir, 'ring'), options.keepBytes);
    this.#timer = setInterval(() => void this.collect().catch(() => {}), COLLECT_EVERY_MS);
    this.#timer.unref();
  }

  /** The file to which a program's SDK appends its records. */
  fileFor(programId: string): string {
    return this.#programOf(programId).current.path;
  }

  /** Collects the records that the programs have written until now. */
  collect(): Promise<void> {
    return this.#inTurn(() => this.#collectAll());
  }

  /** The records that match a query, oldest first, including those written just now. */
  search(query: LogQuery): Promise<LogRecord[]> {
    return this.#inTurn(async () => {
      await this.#collectAll();
      return this.#ring.search(query);
    });
  }

  /** The number of a program's records that were dropped because of the hourly limit. */
  dropped(programId: string): number {
    return this.#programs.get(programId)?.dropped ?? 0;
  }

  /** Discards all records, also those that are not collected yet. */
  clear(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#collectAll();
      await this.#ring.clear();
      for (const log of this.#programs.values()) {
        log.bytesThisHour = 0;
        log.dropped = 0;
      }
    });
  }

  /** Stops collecting. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#work.catch(() => {});
  }

  /** Runs one operation at a time, because two concurrent ones would read the same lines twice. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work, work);
    this.#work = result.catch(() => {});
    return result;
  }

  #programOf(programId: string): ProgramLog {
    let log = this.#programs.get(programId);
    if (log === undefined) {
      const name = `${this.#programs.size + 1}.log`;
      const current = { path: join(this.#dir, name), offset: 0, rest: Buffer.alloc(0) };
      log = { current, former: undefined, hour: 0, bytesThisHour: 0, dropped: 0 };
      this.#programs.set(programId, log);
    }
    return log;
  }

  async #collectAll(): Promise<void> {
    if (this.#isClosed) return;
    for (const [programId, log] of this.#programs) {
      if (log.former !== undefined) await this.#read(programId, log, log.former);
      await this.#read(programId, log, log.current);
      if (log.current.offset >= MOVE_AWAY_BYTES) await this.#moveAway(log);
    }
  }

  async #read(programId: string, log: ProgramLog, source: Source): Promise<void> {
    const file = await open(source.path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return;
    try {
      for (;;) {
        const chunk = this.#chunk;
        const { bytesRead } = await file.read(chunk, 0, chunk.length, source.offset);
        if (bytesRead === 0) return;
        source.offset += bytesRead;
        const bytes = Buffer.concat([source.rest, chunk.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf('\n') + 1;
        source.rest = Buffer.from(bytes.subarray(end));
        const { observe } = this.#options;
        const records = await this.#ring.append(
          this.#accepted(programId, log, bytes.toString('utf8', 0, end)),
        );
        if (observe !== undefined) records.forEach(observe);
      }
    } finally {
      await file.close();
    }
  }

  #accepted(programId: string, log: ProgramLog, lines: string): Omit<LogRecord, 'seq'>[] {
    const { clock, levelOf, bytesPerHour } = this.#options;
    const level = levelOf(programId);
    const hour = Math.floor(clock() / HOUR_MS);
    if (hour !== log.hour) Object.assign(log, { hour, bytesThisHour: 0 });
    return lines.split('\n').flatMap((line) => {
      const record = parseLogLine(line);
      if (record === undefined || LEVEL[record.level] > level) return [];
      const bytes = Buffer.byteLength(line) + 1;
      if (log.bytesThisHour + bytes > bytesPerHour) {
        log.dropped += 1;
        return [];
      }
      log.bytesThisHour += bytes;
      return [{ programId, ...record }];
    });
  }

  async #moveAway(log: ProgramLog): Promise<void> {
    const { former, current } = log;
    if (former !== undefined) await rm(former.path, { force: true });
    const path = `${current.path}.former`;
    await rename(current.path, path);
    log.former = { ...current, path };
    log.current = { path: current.path, offset: 0, rest: Buffer.alloc(0) };
  }
}
