import { createHash } from 'node:crypto';
import type { Database } from './database';
import { text } from './sqlite';

/** A job as it is stored; the content is JSON that the store does not interpret. */
export interface StoredJob {
  readonly id: string;
  readonly request: string;
}

/** What a queue holds at most; further jobs are refused. */
export interface JobLimits {
  /** Jobs that are not reported yet. */
  readonly maxPending: number;
  /** Bytes of requests and results of these jobs; a queue that cannot measure them ignores the limit. */
  readonly maxBytes: number;
}

export interface StoredClaim extends StoredJob {
  readonly seq: number;
  /** Earlier runs of the handler. */
  readonly runAttempts: number;
  readonly reportAttempts: number;
  readonly report: string | undefined;
}

/** A job that is not attempted any more. */
export interface DeadRecord {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly diedAt: number;
  readonly reason: string;
  readonly request: string | undefined;
  readonly report: string | undefined;
}

export interface ClaimResult {
  readonly claims: StoredClaim[];
  /** Jobs whose record could not be read; they are dead now. */
  readonly damaged: string[];
  /** Milliseconds since 1970 when the next delayed job is due; undefined if there is none. */
  readonly nextDue: number | undefined;
}

/** Jobs by state, of all programs that share the store. */
export interface StoredCounts {
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  /** Jobs that have a result, and are not reported yet. */
  readonly unreported: number;
  /** Bytes of all requests and results of unfinished jobs. */
  readonly bytes: number;
  readonly dead: number;
}

interface Row {
  seq: number;
  id: string;
  run_attempts: number;
  report_attempts: number;
  has_report: number;
}

const ROW = `seq, ${text('id')}, run_attempts, report_attempts, has_report`;

interface Content {
  content: string;
  checksum: string;
}

/** Maximum number of rows that one statement of a clean-up deletes, so that the database is locked only briefly. */
const CLEAN_UP_ROWS = 1000;

/** The operations on jobs. Each runs in a transaction of the caller, on the store's thread. */
export class JobTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(job: StoredJob, limits: JobLimits): 'added' | 'duplicate' | 'full' {
    const db = this.#database;
    for (const table of ['jobs', 'finished', 'dead']) {
      if (db.get(`SELECT 1 FROM ${table} WHERE id = ?`, job.id) === undefined) continue;
      // The process that stored it may have been killed before its commit was synced.
      db.forceCommit();
      return 'duplicate';
    }
    const size = Buffer.byteLength(job.request);
    const totals = this.#totals();
    if (totals.jobs >= limits.maxPending || totals.bytes + size > limits.maxBytes) return 'full';
    db.run('INSERT INTO jobs (id) VALUES (?)', job.id);
    const { seq } = db.get<{ seq: number }>('SELECT seq FROM jobs WHERE id = ?', job.id) as Row;
    this.#insertContent('requests', { seq, id: job.id }, job.request);
    return 'added';
  }

  /** Whether {@link claim} may have something to do; does not lock the database for writing. */
  hasClaimable(now: number): boolean {
    const sql = 'SELECT 1 FROM jobs WHERE owner IS NULL AND has_report = ? AND due <= ? LIMIT 1';
    return [0, 1].some((hasReport) => this.#database.get(sql, hasReport, now) !== undefined);
  }

  /** Claims jobs to run, each of which is counted as an attempt, and jobs to report. */
  claim(owner: string, toRun: number, toReport: number, now: number): ClaimResult {
    const db = this.#database;
    const rows = [
      ...db.all<Row>(
        `SELECT ${ROW} FROM jobs WHERE owner IS NULL AND has_report = 0 AND due <= ? ORDER BY seq LIMIT ?`,
        now,
        toRun,
      ),
      ...db.all<Row>(
        `SELECT ${ROW} FROM jobs WHERE owner IS NULL AND has_report = 1 AND due <= ? ORDER BY due, seq LIMIT ?`,
        now,
        toReport,
      ),
    ];
    const claims: StoredClaim[] = [];
    const damaged: string[] = [];
    for (const row of rows) {
      const { seq, id } = row;
      const request = this.#read('requests', row);
      const report = row.has_report === 1 ? this.#read('reports', row) : undefined;
      if (request === undefined || (row.has_report === 1 && report === undefined)) {
        this.#bury(row, now, 'its record is damaged');
        damaged.push(id);
        continue;
      }
      db.run(
        'UPDATE jobs SET owner = ?, run_attempts = run_attempts + ? WHERE seq = ?',
        owner,
        1 - row.has_report,
        seq,
      );
      claims.push({
        seq,
        id,
        request,
        report,
        runAttempts: row.run_attempts,
        reportAttempts: row.report_attempts,
      });
    }
    return { claims, damaged, nextDue: this.nextDue(now) };
  }

  nextDue(now: number): number | undefined {
    const sql =
      'SELECT min(due) AS due FROM jobs WHERE owner IS NULL AND has_report = ? AND due > ?';
    const dues = [0, 1]
      .map((hasReport) => this.#database.get<{ due: number | null }>(sql, hasReport, now)?.due)
      .filter((due) => typeof due === 'number');
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** @returns whether the report was stored; false when the owner has lost its claim */
  finish(owner: string, claim: { seq: number; id: string }, report: string): boolean {
    const db = this.#database;
    const sql = 'UPDATE jobs SET has_report = 1 WHERE seq = ? AND id = ? AND owner = ?';
    if (db.run(sql, claim.seq, claim.id, owner) === 0) return false;
    // A row that is replaced fires no trigger for its removal.
    db.run('DELETE FROM reports WHERE seq = ?', claim.seq);
    this.#insertContent('reports', claim, report);
    return true;
  }

  /** Ends a claim: the platform accepted the report. */
  settle(owner: string, claim: { seq: number; id: string }, now: number): void {
    const db = this.#database;
    const sql = 'DELETE FROM jobs WHERE seq = ? AND id = ? AND owner = ?';
    if (db.run(sql, claim.seq, claim.id, owner) === 0) return;
    db.run('INSERT OR REPLACE INTO finished VALUES (?, ?)', claim.id, now);
  }

  /** Ends a claim without a report: the job is kept for inspection, with its report. */
  giveUp(owner: string, claim: { seq: number; id: string }, reason: string, now: number): void {
    const row = this.#database.get<Row>(
      `SELECT ${ROW} FROM jobs WHERE seq = ? AND id = ? AND owner = ?`,
      claim.seq,
      claim.id,
      owner,
    );
    if (row !== undefined) this.#bury(row, now, reason);
  }

  /** Ends a claim; any program can claim the job when it is due. */
  release(owner: string, claim: { seq: number }, due: number, isReportAttempt: boolean): void {
    this.#database.run(
      'UPDATE jobs SET owner = NULL, due = ?, report_attempts = report_attempts + ? WHERE seq = ? AND owner = ?',
      due,
      isReportAttempt ? 1 : 0,
      claim.seq,
      owner,
    );
  }

  /** Owners of claimed jobs. */
  owners(): string[] {
    return this.#database
      .all<{ owner: string }>(
        `SELECT ${text('owner')} FROM jobs WHERE owner IS NOT NULL GROUP BY owner`,
      )
      .map(({ owner }) => owner);
  }

  /** Makes the jobs of an owner claimable whose run has not started. */
  releaseUnknown(owner: string, held: readonly number[]): void {
    this.#database.run(
      `UPDATE jobs SET owner = NULL, run_attempts = run_attempts - (1 - has_report)
        WHERE owner = ? AND seq NOT IN (SELECT value FROM json_each(?))`,
      owner,
      JSON.stringify(held),
    );
  }

  /** Makes jobs claimable whose owner is not a valid name, because the record is damaged. */
  releaseUnowned(): void {
    const isUnknown = "owner IS NOT NULL AND (length(owner) <> 16 OR owner GLOB '*[^0-9a-f]*')";
    if (this.#database.get(`SELECT 1 FROM jobs WHERE ${isUnknown}`) === undefined) return;
    this.#database.run(`UPDATE jobs SET owner = NULL WHERE ${isUnknown}`);
  }

  /** Makes all jobs of an owner claimable. */
  releaseAll(owner: string): void {
    this.#database.run('UPDATE jobs SET owner = NULL WHERE owner = ?', owner);
  }

  counts(now: number): StoredCounts {
    const counts = this.#database.get<Omit<StoredCounts, 'bytes' | 'dead'>>(
      `SELECT count(*) FILTER (WHERE owner IS NULL AND due <= ?) AS waiting,
        count(*) FILTER (WHERE owner IS NOT NULL) AS running,
        count(*) FILTER (WHERE owner IS NULL AND due > ?) AS delayed,
        count(*) FILTER (WHERE has_report = 1) AS unreported FROM jobs`,
      now,
      now,
    ) as StoredCounts;
    const { waiting, running, delayed, unreported } = counts;
    const dead = this.#database.get<{ n: number }>('SELECT count(*) AS n FROM dead')?.n ?? 0;
    return { waiting, running, delayed, unreported, bytes: this.#totals().bytes, dead };
  }

  dead(): DeadRecord[] {
    return this.#database
      .all<{
        id: string;
        died_at: number;
        reason: string;
        request: string | null;
        report: string | null;
      }>(
        `SELECT died_at, ${text('id', 'reason', 'request', 'report')} FROM dead ORDER BY died_at, dead.id`,
      )
      .map(({ id, died_at: diedAt, reason, request, report }) => ({
        id,
        diedAt,
        reason,
        request: request ?? undefined,
        report: report ?? undefined,
      }));
  }

  /** Makes a dead job claimable again: to be reported if it has a report, otherwise to be run. @returns whether there is such a job */
  revive(id: string): boolean {
    const db = this.#database;
    const found = db.get<{ request: string | null; report: string | null }>(
      `SELECT ${text('request', 'report')} FROM dead WHERE id = ?`,
      id,
    );
    if (found === undefined || found.request === null) return false;
    db.run('DELETE FROM dead WHERE id = ?', id);
    const none = Number.POSITIVE_INFINITY;
    this.add({ id, request: found.request }, { maxPending: none, maxBytes: none });
    if (found.report !== null) {
      const { seq } = db.get<Row>('SELECT seq FROM jobs WHERE id = ?', id) as Row;
      db.run('UPDATE jobs SET has_report = 1 WHERE seq = ?', seq);
      this.#insertContent('reports', { seq, id }, found.report);
    }
    return true;
  }

  /** Deletes a dead job with its content. @returns whether there was such a job */
  discard(id: string, now: number): boolean {
    if (this.#database.run('DELETE FROM dead WHERE id = ?', id) === 0) return false;
    this.#database.run('INSERT OR REPLACE INTO finished VALUES (?, ?)', id, now);
    return true;
  }

  /** Deletes finished and dead jobs that ended before the time. @returns whether there may be more */
  cleanUp(before: number): boolean {
    const db = this.#database;
    const deleted = ['finished', 'dead'].map((table) => {
      const time = table === 'dead' ? 'died_at' : 'finished_at';
      return db.run(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${time} < ? LIMIT ${CLEAN_UP_ROWS})`,
        before,
      );
    });
    return deleted.includes(CLEAN_UP_ROWS);
  }

  #totals(): { jobs: number; bytes: number } {
    return this.#database.get('SELECT * FROM totals') ?? { jobs: 0, bytes: 0 };
  }

  #insertContent(
    table: 'requests' | 'reports',
    { seq, id }: { seq: number; id: string },
    content: string,
  ): void {
    this.#database.run(
      `INSERT INTO ${table} VALUES (?, ?, ?, ?)`,
      seq,
      content,
      Buffer.byteLength(content),
      checksumOf(id, content),
    );
  }

  #read(table: 'requests' | 'reports', { seq, id }: Row): string | undefined {
    const found = this.#database.get<Content>(
      `SELECT ${text('content', 'checksum')} FROM ${table} WHERE seq = ?`,
      seq,
    );
    return found?.checksum === checksumOf(id, found?.content ?? '') ? found.content : undefined;
  }

  #bury(row: Row, now: number, reason: string): void {
    this.#database.run(
      'INSERT OR REPLACE INTO dead VALUES (?, ?, ?, ?, ?)',
      row.id,
      now,
      reason,
      this.#read('requests', row) ?? null,
      this.#read('reports', row) ?? null,
    );
    this.#database.run('DELETE FROM jobs WHERE seq = ?', row.seq);
  }
}

/** Detects damage that SQLite cannot see, because pages have no checksum. */
export function checksumOf(id: string, content: string): string {
  return createHash('sha256').update(id).update('\n').update(content).digest('hex').slice(0, 16);
}
