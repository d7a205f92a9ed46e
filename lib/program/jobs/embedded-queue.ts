import { pause } from '../../common/abort';
import { makeError } from '../../errors';
import { hasDatabase } from '../store/database';
import type { EmbeddedStore } from '../store/embedded-store';
import type { DeadRecord, StoredClaim } from '../store/job-table';
import type {
  AcceptedJob,
  ClaimedJob,
  DeadJob,
  JobLimits,
  JobQueue,
  JobReport,
  JobSettlement,
  JobStateCounts,
  JobWorker,
} from './job-queue';

/** Milliseconds between checks for jobs of other programs, and between attempts while the store fails. */
const POLL_MS = 1000;

const CLEAN_UP_EVERY_MS = 10 * 60_000;

/**
 * A queue in the program's folder, which several programs can share. Jobs and reports are stored before they are acknowledged. A
 * finished job is remembered for a while, without its content, to recognise a repeated delivery.
 */
export class EmbeddedQueue implements JobQueue {
  readonly #store: EmbeddedStore;
  readonly #deduplicationTtl: number;
  #worker: JobWorker | undefined;
  /** Jobs that this program runs and reports. Counted separately, so that reports do not wait for slow handlers. */
  #running = 0;
  #reporting = 0;
  readonly #claims = new Set<Promise<void>>();
  /** `seq` of the jobs that this program has claimed. */
  readonly #held = new Set<number>();
  /** Whether the store may contain further claims of this program, made by a call that failed. */
  #mayHoldUnknown = false;
  /** Whether jobs are being claimed, and whether that must be repeated because something has changed. */
  #isClaiming = false;
  #mustClaimAgain = false;
  #isFailing = false;
  readonly #stopping = new AbortController();
  #poll: NodeJS.Timeout | undefined;
  #nextDue: NodeJS.Timeout | undefined;
  #cleanUp: NodeJS.Timeout | undefined;

  /** @param deduplicationTtl - milliseconds for which a finished job is recognised */
  constructor(store: EmbeddedStore, deduplicationTtl: number) {
    this.#store = store;
    this.#deduplicationTtl = deduplicationTtl;
  }

  mayHaveJobs(): boolean {
    return hasDatabase(this.#store.folder);
  }

  async open(): Promise<void> {
    await this.#store.call('openQueue');
  }

  async add(job: AcceptedJob, limits: JobLimits): Promise<'added' | 'duplicate' | 'full'> {
    const added = await this.#store.call(
      'addJob',
      { id: job.id, request: JSON.stringify(job) },
      limits,
    );
    if (added === 'added') this.#claimMore();
    return added;
  }

  async start(worker: JobWorker): Promise<void> {
    this.#worker = worker;
    this.#poll = setInterval(() => this.#pollOnce(), POLL_MS).unref();
    this.#cleanUp = setInterval(() => this.#cleanUpOld(), CLEAN_UP_EVERY_MS).unref();
    this.#pollOnce();
    this.#cleanUpOld();
  }

  async counts(): Promise<JobStateCounts> {
    const { waiting, running, delayed, dead } = await this.#store.call('countJobs');
    return { waiting, running, delayed, dead };
  }

  async listDead(): Promise<DeadJob[]> {
    return (await this.#store.call('listDeadJobs')).map(deadJob);
  }

  async retryDead(id: string): Promise<boolean> {
    const isFound = await this.#store.call('reviveJob', id);
    if (isFound) this.#claimMore();
    return isFound;
  }

  discardDead(id: string): Promise<boolean> {
    return this.#store.call('discardJob', id);
  }

  async stop(): Promise<void> {
    this.#worker = undefined;
    for (const timer of [this.#poll, this.#cleanUp, this.#nextDue]) clearTimeout(timer);
    this.#stopping.abort();
    await Promise.all(this.#claims);
  }

  /** The program closes the store, which releases the claims. */
  async close(): Promise<void> {}

  /** Takes over the jobs of ended processes, and claims what other programs have left. */
  #pollOnce(): void {
    this.#store.call('takeOverJobs').then(
      () => this.#claimMore(),
      (error: unknown) => this.#logFailure(error),
    );
  }

  #cleanUpOld(): void {
    const before = Date.now() - this.#deduplicationTtl;
    this.#store.call('cleanUpJobs', before).then(
      (mayHaveMore) => {
        if (mayHaveMore && this.#worker !== undefined) this.#cleanUpOld();
      },
      (error: unknown) => this.#logFailure(error),
    );
  }

  /** Claims as many jobs as can be processed now. */
  #claimMore(): void {
    this.#mustClaimAgain = true;
    if (this.#isClaiming) return;
    this.#isClaiming = true;
    void this.#claimWhilePossible().finally(() => {
      this.#isClaiming = false;
    });
  }

  /** One record for each failure of the store, however many attempts fail until it works again. */
  #logFailure(error: unknown): void {
    if (!this.#isFailing) this.#worker?.onError(error);
    this.#isFailing = true;
  }

  /** Never rejects. */
  async #claimWhilePossible(): Promise<void> {
    while (this.#mustClaimAgain && this.#worker !== undefined) {
      this.#mustClaimAgain = false;
      const { concurrency } = this.#worker;
      const toRun = concurrency - this.#running;
      const toReport = concurrency - this.#reporting;
      if (toRun + toReport === 0) return;
      try {
        if (this.#mayHoldUnknown) await this.#store.call('releaseUnknownJobs', [...this.#held]);
        this.#mayHoldUnknown = true;
        const { claims, damaged, nextDue } = await this.#store.call('claimJobs', toRun, toReport);
        this.#mayHoldUnknown = false;
        this.#isFailing = false;
        for (const id of damaged) this.#worker?.onError(damagedJob(this.#store.folder, id));
        for (const claim of claims) this.#process(claim);
        this.#claimAt(nextDue);
      } catch (error) {
        // The next poll tries again.
        this.#logFailure(error);
      }
    }
  }

  /** @param due - milliseconds since 1970 */
  #claimAt(due: number | undefined): void {
    clearTimeout(this.#nextDue);
    if (due === undefined || this.#worker === undefined) return;
    const delay = Math.max(0, due - Date.now());
    // Later jobs are found by the next poll.
    if (delay < POLL_MS) this.#nextDue = setTimeout(() => this.#claimMore(), delay).unref();
  }

  #process(claim: StoredClaim): void {
    const worker = this.#worker;
    // Released when the store is closed.
    if (worker === undefined) return;
    const isReport = claim.report !== undefined;
    this.#held.add(claim.seq);
    if (isReport) this.#reporting += 1;
    else this.#running += 1;
    const processing = this.#settle(claim, worker)
      .catch((error: unknown) => worker.onError(error))
      .finally(() => {
        this.#claims.delete(processing);
        this.#held.delete(claim.seq);
        if (isReport) this.#reporting -= 1;
        else this.#running -= 1;
        this.#claimMore();
      });
    this.#claims.add(processing);
  }

  async #settle(claim: StoredClaim, worker: JobWorker): Promise<void> {
    const { seq, id } = claim;
    const key = { seq, id };
    const claimed: ClaimedJob = {
      job: JSON.parse(claim.request) as AcceptedJob,
      runAttempts: claim.runAttempts,
      reportAttempts: claim.reportAttempts,
      report: claim.report === undefined ? undefined : (JSON.parse(claim.report) as JobReport),
      // The run was counted when the job was claimed.
      begin: async () => undefined,
      finish: async (report) => {
        const content = JSON.stringify(report);
        const isStored = await this.#persist(worker, () =>
          this.#store.call('finishJob', key, content),
        );
        return isStored ? report : undefined;
      },
    };
    const settlement = await worker.work(claimed);
    await this.#persist(worker, () => this.#storeSettlement(key, settlement));
  }

  #storeSettlement(
    key: { seq: number; id: string },
    settlement: JobSettlement,
  ): Promise<void> | undefined {
    switch (settlement.kind) {
      case 'reported':
        return this.#store.call('settleJob', key);
      case 'dead':
        return this.#store.call('giveUpJob', key, settlement.reason);
      case 'retry':
        return this.#store.call('releaseJob', key, Date.now() + settlement.delay, true);
      case 'released':
        return this.#store.call('releaseJob', key, 0, false);
    }
  }

  /**
   * Repeats a change until it is stored: the handler must not run again for a result that could not be stored at once, nor may a
   * job be reported again. When the program stops there is one more attempt.
   */
  async #persist<Value>(
    worker: JobWorker,
    store: () => Promise<Value> | undefined,
  ): Promise<Value | undefined> {
    for (let attempts = 0; ; attempts += 1) {
      const isLast = this.#stopping.signal.aborted;
      try {
        return await store();
      } catch (error) {
        if (attempts === 0 || isLast) worker.onError(error);
        if (isLast) throw error;
      }
      await pause(POLL_MS, this.#stopping.signal).catch(() => undefined);
    }
  }
}

function damagedJob(folder: string, id: string): Error {
  return makeError('ERR_SPEC_STORE_DAMAGED', folder, `the record of job ${id}`);
}

function deadJob({ id, reason, diedAt, request, report }: DeadRecord): DeadJob {
  const { abilityId, requestId } =
    request === undefined
      ? { abilityId: undefined, requestId: undefined }
      : (JSON.parse(request) as AcceptedJob);
  return { id, reason, diedAt, abilityId, requestId, hasReport: report !== undefined };
}
