import { existsSync } from 'node:fs';
import { makeError } from '../../errors';
import type { EmbeddedStore } from '../store/embedded-store';
import type {
  AcceptedJob,
  ClaimedJob,
  JobQueue,
  JobReport,
  JobSettlement,
  JobStateCounts,
  JobWorker,
} from './job-queue';

/** The part of a job that changes often; stored separately from data and report, which may be large. */
interface State {
  /** Position in the order of acceptance. */
  readonly seq: number;
  readonly runAttempts: number;
  readonly reportAttempts: number;
  /** Time at which the job was finished, in milliseconds since 1970. */
  readonly over?: number;
}

/** The part of an unfinished job that is kept in memory. */
interface Entry {
  readonly id: string;
  state: State;
  hasReport: boolean;
  /** A report that could not be stored yet: the handler must not run again for it. */
  unstored?: JobReport | undefined;
  /** The platform has the report, but this could not be stored yet: it must not be reported again. */
  isOver?: boolean;
}

const key = {
  /** All ids sort between `!` and `~`. */
  job: (id: string) => `job!${id}`,
  state: (id: string) => `state!${id}`,
  report: (id: string) => `report!${id}`,
};

const SWEEP_EVERY_MS = 10 * 60_000;

/** Milliseconds between attempts to recover a store that cannot be written. */
const RECOVER_EVERY_MS = 1000;

/**
 * A queue for one process, in the program's folder. Jobs and reports are stored before they are acknowledged. The id of a finished
 * job is kept for a while to recognise repeated deliveries.
 */
export class EmbeddedQueue implements JobQueue {
  readonly #store: EmbeddedStore;
  readonly #deduplicationTtl: number;
  #isOpen = false;
  #seq = 0;
  /** All unfinished jobs. */
  readonly #entries = new Map<string, Entry>();
  /** Jobs to run and jobs to report, in order; separate, so that reports do not wait for slow handlers. */
  readonly #toRun: Entry[] = [];
  readonly #toReport: Entry[] = [];
  readonly #delayed = new Map<Entry, NodeJS.Timeout>();
  #running = 0;
  #reporting = 0;
  /** Jobs whose handler has not finished, including those that are being stored. */
  #unfinished = 0;
  readonly #claims = new Set<Promise<void>>();
  readonly #adding = new Map<string, Promise<'added' | 'duplicate' | 'full'>>();
  #worker: JobWorker | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #recovering: NodeJS.Timeout | undefined;

  /** @param deduplicationTtl - milliseconds for which a finished job is recognised */
  constructor(store: EmbeddedStore, deduplicationTtl: number) {
    this.#store = store;
    this.#deduplicationTtl = deduplicationTtl;
  }

  mayHaveJobs(): boolean {
    return existsSync(this.#store.folder);
  }

  async open(): Promise<void> {
    await this.#load();
    this.#isOpen = true;
    this.#store.onTakenOver = () => {
      this.#load().then(
        () => this.#handOut(),
        (error: unknown) => this.#worker?.onError(error),
      );
    };
    await this.#sweep().catch((error: unknown) => {
      // A program must also start with a full disk; start() logs the failure.
      if (this.#store.failure === undefined) throw error;
    });
    this.#sweeper = setInterval(() => {
      this.#sweep().catch((error: unknown) => this.#worker?.onError(error));
    }, SWEEP_EVERY_MS).unref();
  }

  /** Loads the jobs of earlier processes. */
  async #load(): Promise<void> {
    const [states, reportKeys] = await this.#store.read((database) =>
      Promise.all([database.iterator(range('state')).all(), database.keys(range('report')).all()]),
    );
    const reported = new Set(reportKeys);
    const found: Entry[] = [];
    for (const [stateKey, value] of states) {
      const id = stateKey.slice(key.state('').length);
      const state = value as State;
      this.#seq = Math.max(this.#seq, state.seq + 1);
      if (state.over !== undefined || this.#entries.has(id) || this.#adding.has(id)) continue;
      found.push({ id, state, hasReport: reported.has(key.report(id)) });
    }
    for (const entry of found.sort((a, b) => a.state.seq - b.state.seq)) {
      this.#entries.set(entry.id, entry);
      if (!entry.hasReport) this.#unfinished += 1;
      this.#enqueue(entry);
    }
  }

  add(job: AcceptedJob, maxPending: number): Promise<'added' | 'duplicate' | 'full'> {
    // The same job may arrive twice at the same time.
    const adding = this.#adding.get(job.id) ?? this.#add(job, maxPending);
    this.#adding.set(job.id, adding);
    const forget = (): void => {
      this.#adding.delete(job.id);
    };
    adding.then(forget, forget);
    return adding;
  }

  async #add(job: AcceptedJob, maxPending: number): Promise<'added' | 'duplicate' | 'full'> {
    const store = this.#opened();
    if (this.#entries.has(job.id)) return 'duplicate';
    // Counted before the first await, because many jobs may arrive at the same time.
    if (this.#unfinished >= maxPending) return 'full';
    this.#unfinished += 1;
    let added = false;
    try {
      const known = await store.read((database) => database.get(key.state(job.id)));
      if (known !== undefined) return 'duplicate';
      const state: State = { seq: this.#seq, runAttempts: 0, reportAttempts: 0 };
      this.#seq += 1;
      await store.write(
        [
          { type: 'put', key: key.job(job.id), value: job },
          { type: 'put', key: key.state(job.id), value: state },
        ],
        { durable: true, isNew: true },
      );
      const entry: Entry = { id: job.id, state, hasReport: false };
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
    if (this.#store.failure !== undefined) worker.onError(this.#store.failure);
    this.#handOut();
  }

  async counts(): Promise<JobStateCounts> {
    return {
      waiting: this.#toRun.length + this.#toReport.length,
      running: this.#running + this.#reporting,
      delayed: this.#delayed.size,
    };
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    clearInterval(this.#sweeper);
    for (const timer of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
    clearTimeout(this.#recovering);
    this.#recovering = undefined;
    await Promise.all(this.#claims);
    await this.#storeRest().catch((error: unknown) => worker?.onError(error));
  }

  /** Last attempt to store changes that could not be stored before. */
  async #storeRest(): Promise<void> {
    const rest = [...this.#entries.values()].filter((entry) => entry.unstored ?? entry.isOver);
    if (rest.length === 0) return;
    await this.#store.recover();
    for (const entry of rest) {
      if (entry.unstored !== undefined) await this.#storeReport(entry, entry.unstored);
      if (entry.isOver) await this.#storeOver(entry);
    }
  }

  async close(): Promise<void> {
    // Nothing else to do: the store closes the database.
    this.#isOpen = false;
  }

  #handOut(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    if (this.#store.failure !== undefined) {
      this.#handOutLater();
      return;
    }
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

  /** No job is started while nothing can be stored. The failure was logged where it occurred. */
  #handOutLater(): void {
    this.#recovering ??= setTimeout(() => {
      this.#recovering = undefined;
      const handOut = (): void => this.#handOut();
      this.#store.recover().then(handOut, handOut);
    }, RECOVER_EVERY_MS);
  }

  #claim(entry: Entry, worker: JobWorker, leave: () => void): void {
    const claim = this.#process(entry, worker)
      .catch((error: unknown) => {
        worker.onError(error);
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
    if (entry.unstored !== undefined) await this.#storeReport(entry, entry.unstored);
    if (entry.isOver) {
      await this.#storeOver(entry);
      return;
    }
    const [job, state, report] = await this.#readJob(entry);
    if (isGone(state)) {
      this.#forget(entry);
      return;
    }
    const claimed: ClaimedJob = {
      job,
      runAttempts: entry.state.runAttempts,
      reportAttempts: entry.state.reportAttempts,
      report,
      begin: () => this.#put(entry, { ...entry.state, runAttempts: entry.state.runAttempts + 1 }),
      finish: (result) => this.#storeReport(entry, result),
    };
    await this.#settle(entry, await worker.work(claimed));
  }

  async #settle(entry: Entry, settlement: JobSettlement): Promise<void> {
    switch (settlement.kind) {
      case 'reported':
      case 'refused': {
        entry.isOver = true;
        await this.#storeOver(entry);
        return;
      }
      case 'retry':
        await this.#put(entry, { ...entry.state, reportAttempts: entry.state.reportAttempts + 1 });
        this.#delay(entry, settlement.delay);
        return;
      case 'released':
        return;
    }
  }

  /** @returns the report to send; undefined if another process has finished the job */
  async #storeReport(entry: Entry, result: JobReport): Promise<JobReport | undefined> {
    entry.unstored = result;
    const [, state, stored] = await this.#readJob(entry);
    if (isGone(state)) {
      this.#forget(entry);
      return undefined;
    }
    if (stored === undefined) {
      await this.#opened().write([{ type: 'put', key: key.report(entry.id), value: result }], {
        durable: true,
      });
    }
    entry.unstored = undefined;
    entry.hasReport = true;
    this.#unfinished -= 1;
    return stored ?? result;
  }

  async #storeOver(entry: Entry): Promise<void> {
    const state: State = { ...entry.state, over: Date.now() };
    await this.#opened().write([
      { type: 'put', key: key.state(entry.id), value: state },
      { type: 'del', key: key.job(entry.id) },
      { type: 'del', key: key.report(entry.id) },
    ]);
    this.#forget(entry);
  }

  async #readJob(entry: Entry) {
    const keys = [key.job(entry.id), key.state(entry.id), key.report(entry.id)];
    const values = await this.#opened().read((database) => database.getMany(keys));
    return values as [AcceptedJob, State | undefined, JobReport | undefined];
  }

  #forget(entry: Entry): void {
    if (!this.#entries.delete(entry.id)) return;
    if (!entry.hasReport) this.#unfinished -= 1;
    entry.unstored = undefined;
  }

  async #put(entry: Entry, state: State): Promise<void> {
    await this.#opened().write([{ type: 'put', key: key.state(entry.id), value: state }]);
    entry.state = state;
  }

  #delay(entry: Entry, milliseconds: number): void {
    if (this.#worker === undefined) return;
    const timer = setTimeout(() => {
      this.#delayed.delete(entry);
      this.#enqueue(entry);
      this.#handOut();
    }, milliseconds);
    this.#delayed.set(entry, timer);
  }

  #enqueue(entry: Entry): void {
    (entry.hasReport ? this.#toReport : this.#toRun).push(entry);
  }

  async #sweep(): Promise<void> {
    const store = this.#opened();
    const oldest = Date.now() - this.#deduplicationTtl;
    const states = await store.read((database) => database.iterator(range('state')).all());
    const expired = states.filter(([, value]) => {
      const { over } = value as State;
      return over !== undefined && over < oldest;
    });
    if (expired.length === 0) return;
    await store.write(expired.map(([stateKey]) => ({ type: 'del', key: stateKey })));
  }

  #opened(): EmbeddedStore {
    if (!this.#isOpen) throw makeError('ERR_SPEC_STORE', this.#store.folder, 'it is closed');
    return this.#store;
  }
}

/** Whether another process has finished the job while this one could not open the store. */
function isGone(state: State | undefined): boolean {
  return state === undefined || state.over !== undefined;
}

function range(name: keyof typeof key): { gt: string; lt: string } {
  return { gt: `${name}!`, lt: `${name}~` };
}
