import { existsSync } from 'node:fs';
import { makeError } from '../../sdk/errors';
import { durable, type EmbeddedDatabase, type EmbeddedStore } from '../store';
import type {
  AcceptedJob,
  ClaimedJob,
  Disposition,
  JobCounts,
  JobOutcome,
  JobQueue,
  JobWorker,
} from './job-queue';

/** What changes of a job, apart from its data and its result, which may be large. */
interface State {
  /** Order of acceptance. */
  readonly seq: number;
  readonly runs: number;
  readonly reports: number;
  /** Milliseconds since 1970, once the job is over. */
  readonly over?: number;
}

type Put = { type: 'put'; key: string; value: unknown };

/** A job that is not over, as far as it is kept in memory. */
interface Entry {
  readonly id: string;
  state: State;
  hasOutcome: boolean;
}

const key = {
  /** `!` and `~` enclose all ids. */
  job: (id: string) => `job!${id}`,
  state: (id: string) => `state!${id}`,
  outcome: (id: string) => `outcome!${id}`,
};

const SWEEP_EVERY_MS = 10 * 60_000;

/**
 * Jobs in the program's own folder: for one process. A job is on the disk before it is accepted, and its result before it
 * is reported. What is over is remembered for a while, without its content, so that a repeated delivery is recognised.
 */
export class EmbeddedQueue implements JobQueue {
  readonly #store: EmbeddedStore;
  readonly #keepOver: number;
  #database: EmbeddedDatabase | undefined;
  #seq = 0;
  /** All jobs that are not over. */
  readonly #entries = new Map<string, Entry>();
  /** Those to be run, and those to be reported, in their order. Reports do not wait behind slow handlers. */
  readonly #toRun: Entry[] = [];
  readonly #toReport: Entry[] = [];
  readonly #delayed = new Map<Entry, NodeJS.Timeout>();
  #running = 0;
  #reporting = 0;
  /** Jobs whose handler has not finished, those that are just being stored included. */
  #unfinished = 0;
  readonly #claims = new Set<Promise<void>>();
  readonly #adding = new Map<string, Promise<'added' | 'known' | 'full'>>();
  #worker: JobWorker | undefined;
  #sweeper: NodeJS.Timeout | undefined;

  /** @param keepOver - milliseconds for which a job that is over is recognised */
  constructor(store: EmbeddedStore, keepOver: number) {
    this.#store = store;
    this.#keepOver = keepOver;
  }

  mayHaveJobs(): boolean {
    return existsSync(this.#store.folder);
  }

  async open(): Promise<void> {
    const database = await this.#store.open();
    const states = await database.iterator(range('state')).all();
    const outcomes = new Set(await database.keys(range('outcome')).all());
    for (const [stateKey, value] of states) {
      const id = stateKey.slice(key.state('').length);
      const state = value as State;
      this.#seq = Math.max(this.#seq, state.seq + 1);
      if (state.over !== undefined) continue;
      this.#entries.set(id, { id, state, hasOutcome: outcomes.has(key.outcome(id)) });
    }
    for (const entry of [...this.#entries.values()].sort((a, b) => a.state.seq - b.state.seq)) {
      (entry.hasOutcome ? this.#toReport : this.#toRun).push(entry);
    }
    this.#unfinished = this.#toRun.length;
    this.#database = database;
    await this.#sweep();
    this.#sweeper = setInterval(() => {
      this.#sweep().catch((error: unknown) => this.#worker?.trouble(error));
    }, SWEEP_EVERY_MS).unref();
  }

  add(job: AcceptedJob, limit: number): Promise<'added' | 'known' | 'full'> {
    // The same job twice at the same time is one job as well.
    const adding = this.#adding.get(job.id) ?? this.#add(job, limit);
    this.#adding.set(job.id, adding);
    const forget = (): void => {
      this.#adding.delete(job.id);
    };
    adding.then(forget, forget);
    return adding;
  }

  async #add(job: AcceptedJob, limit: number): Promise<'added' | 'known' | 'full'> {
    const database = this.#opened();
    if (this.#entries.has(job.id)) return 'known';
    // Counted before anything is awaited: many may come at once.
    if (this.#unfinished >= limit) return 'full';
    this.#unfinished += 1;
    let added = false;
    try {
      if ((await database.get(key.state(job.id))) !== undefined) return 'known';
      const state: State = { seq: this.#seq, runs: 0, reports: 0 };
      this.#seq += 1;
      const puts: Put[] = [
        { type: 'put', key: key.job(job.id), value: job },
        { type: 'put', key: key.state(job.id), value: state },
      ];
      await database.batch(puts, durable);
      const entry: Entry = { id: job.id, state, hasOutcome: false };
      this.#entries.set(job.id, entry);
      this.#toRun.push(entry);
      added = true;
    } finally {
      if (!added) this.#unfinished -= 1;
    }
    this.#handOut();
    return 'added';
  }

  async start(worker: JobWorker): Promise<void> {
    this.#worker = worker;
    this.#handOut();
  }

  async counts(): Promise<JobCounts> {
    return {
      waiting: this.#toRun.length + this.#toReport.length,
      running: this.#running + this.#reporting,
      delayed: this.#delayed.size,
    };
  }

  async stop(): Promise<void> {
    this.#worker = undefined;
    clearInterval(this.#sweeper);
    for (const timer of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
    await Promise.all(this.#claims);
  }

  async close(): Promise<void> {
    // The database is the store's.
    this.#database = undefined;
  }

  #handOut(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    while (this.#reporting < worker.concurrency) {
      const entry = this.#toReport.shift();
      if (entry === undefined) break;
      this.#reporting += 1;
      this.#claim(entry, worker, () => {
        this.#reporting -= 1;
      });
    }
    while (this.#running < worker.concurrency) {
      const entry = this.#toRun.shift();
      if (entry === undefined) break;
      this.#running += 1;
      this.#claim(entry, worker, () => {
        this.#running -= 1;
      });
    }
  }

  #claim(entry: Entry, worker: JobWorker, leave: () => void): void {
    const claim = this.#process(entry, worker)
      .catch((error: unknown) => {
        worker.trouble(error);
        this.#delay(entry, 1000);
      })
      .finally(() => {
        this.#claims.delete(claim);
        leave();
        this.#handOut();
      });
    this.#claims.add(claim);
  }

  async #process(entry: Entry, worker: JobWorker): Promise<void> {
    const database = this.#opened();
    const [job, outcome] = await database.getMany([key.job(entry.id), key.outcome(entry.id)]);
    const claimed: ClaimedJob = {
      job: job as AcceptedJob,
      runs: entry.state.runs,
      reports: entry.state.reports,
      outcome: outcome as JobOutcome | undefined,
      begin: () => this.#put(entry, { ...entry.state, runs: entry.state.runs + 1 }),
      finish: async (result) => {
        await database.put(key.outcome(entry.id), result, durable);
        entry.hasOutcome = true;
        this.#unfinished -= 1;
        return result;
      },
    };
    await this.#settle(entry, await worker.work(claimed));
  }

  async #settle(entry: Entry, disposition: Disposition): Promise<void> {
    switch (disposition.kind) {
      case 'accepted':
      case 'refused': {
        const state: State = { ...entry.state, over: Date.now() };
        await this.#opened().batch([
          { type: 'put', key: key.state(entry.id), value: state },
          { type: 'del', key: key.job(entry.id) },
          { type: 'del', key: key.outcome(entry.id) },
        ]);
        this.#entries.delete(entry.id);
        return;
      }
      case 'again':
        await this.#put(entry, { ...entry.state, reports: entry.state.reports + 1 });
        this.#delay(entry, disposition.delay);
        return;
      case 'released':
        return;
    }
  }

  async #put(entry: Entry, state: State): Promise<void> {
    await this.#opened().put(key.state(entry.id), state);
    entry.state = state;
  }

  #delay(entry: Entry, milliseconds: number): void {
    if (this.#worker === undefined) return;
    const timer = setTimeout(() => {
      this.#delayed.delete(entry);
      (entry.hasOutcome ? this.#toReport : this.#toRun).push(entry);
      this.#handOut();
    }, milliseconds);
    this.#delayed.set(entry, timer);
  }

  async #sweep(): Promise<void> {
    const database = this.#opened();
    const oldest = Date.now() - this.#keepOver;
    for await (const [stateKey, value] of database.iterator(range('state'))) {
      const { over } = value as State;
      if (over !== undefined && over < oldest) await database.del(stateKey);
    }
  }

  #opened(): EmbeddedDatabase {
    if (this.#database === undefined) {
      throw makeError('ERR_SPEC_STORE', this.#store.folder, 'it is closed');
    }
    return this.#database;
  }
}

function range(name: keyof typeof key): { gt: string; lt: string } {
  return { gt: `${name}!`, lt: `${name}~` };
}
