import {
  type ConnectionOptions,
  DelayedError,
  type Job,
  Queue,
  UnrecoverableError,
  WaitingError,
  Worker,
} from 'bullmq';
import { whenAborted } from '../common/abort';
import {
  checkOptions,
  integerOption,
  stringOption,
  wrongType,
  wrongValue,
} from '../common/options';
import { MAX_TIMER_MS } from '../common/timers';
import { makeError } from '../errors';
import type {
  AcceptedJob,
  DeadJob,
  JobLimits,
  JobQueue,
  JobReport,
  JobStateCounts,
  JobWorker,
} from './jobs/job-queue';

/** Options of {@link BullJobQueue}. */
export interface BullJobQueueOptions {
  /** As in BullMQ: `{ host, port, … }`, or an ioredis instance. */
  readonly connection: ConnectionOptions;
  /** The same for all instances of one program; default `wework-spec-jobs`. */
  readonly name?: string;
  /** Prefix of all keys in Redis; default: that of BullMQ. */
  readonly prefix?: string;
  /**
   * Milliseconds after which a job of a dead instance can be taken over; default 30,000. A running instance renews its claims in
   * half that time, unless a handler blocks its event loop.
   */
  readonly lockDuration?: number;
  /** Milliseconds between checks for such jobs; default 30,000. */
  readonly stalledInterval?: number;
  /** Milliseconds for which a finished job is recognised when it is delivered again; default 24 hours. */
  readonly deduplicationTtl?: number;
}

/** Stored in Redis. */
interface JobData {
  /** Absent when the job is finished: its content is deleted. */
  readonly job?: AcceptedJob;
  readonly runAttempts: number;
  readonly reportAttempts: number;
  readonly report?: JobReport;
}

/** Milliseconds to wait for an unreachable Redis; short, because a request of the platform waits for it. */
const OPEN_MS = 10_000;

/** Milliseconds for closing a connection. */
const CLOSE_MS = 2000;

const LONGEST_RETRY_MS = 1000;

const UPDATE_IF_CLAIMED = {
  name: 'weworkSpecUpdateIfClaimed',
  numberOfKeys: 2,
  lua: `
    if redis.call("GET", KEYS[2]) ~= ARGV[1] then return 0 end
    redis.call("HSET", KEYS[1], "data", ARGV[2])
    return 1
  `,
};

/**
 * A queue in Redis, by BullMQ, shared by several instances of a program. Each job is claimed by one instance, and taken over when
 * that instance dies. Durability depends on Redis: set `appendonly yes`.
 *
 * @example
 * ```ts
 * import { BullJobQueue } from 'wework-spec-sdk/bullmq';
 * const queue = new BullJobQueue({ connection: { host: 'redis', port: 6379 } });
 * const program = new ZoneProgram({ jobs: { queue } });
 * ```
 */
export class BullJobQueue implements JobQueue {
  readonly #options: Required<Omit<BullJobQueueOptions, 'prefix'>> & { prefix?: string };
  #queue: Queue<JobData> | undefined;
  /** Copies of the caller's client. */
  readonly #clients: OwnClient[] = [];
  #worker: Worker<JobData> | undefined;
  #isClosing = false;
  #onError: (error: unknown) => void = ignore;

  /** @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE` */
  constructor(options: BullJobQueueOptions) {
    checkOptions(options);
    const { connection, name = 'wework-spec-jobs', prefix } = options;
    if (typeof connection !== 'object' || connection === null) {
      throw wrongType('options.connection', 'connection options of BullMQ', connection);
    }
    stringOption('options.name', name);
    if (name.includes(':')) throw wrongValue('options.name', 'must not contain a colon', name);
    if (keyPrefixOf(connection) !== undefined) {
      throw wrongValue(
        'options.connection',
        'must not have a keyPrefix, which BullMQ cannot use: set the option prefix',
        connection,
      );
    }
    const {
      lockDuration = 30_000,
      stalledInterval = 30_000,
      deduplicationTtl = 24 * 3_600_000,
    } = options;
    this.#options = {
      connection,
      name,
      ...(prefix === undefined ? {} : { prefix }),
      lockDuration: integerOption('options.lockDuration', lockDuration, 100, MAX_TIMER_MS),
      stalledInterval: integerOption('options.stalledInterval', stalledInterval, 100, MAX_TIMER_MS),
      deduplicationTtl: integerOption(
        'options.deduplicationTtl',
        deduplicationTtl,
        0,
        Number.MAX_SAFE_INTEGER,
      ),
    };
  }

  /** Always true: other instances may have stored jobs. */
  mayHaveJobs(): boolean {
    return true;
  }

  /**
   * Connects to Redis.
   *
   * @throws SpecError `ERR_SPEC_STORE` if Redis does not respond within 10 s
   */
  async open(): Promise<void> {
    const { name, deduplicationTtl, prefix } = this.#options;
    const queue = new Queue<JobData>(name, {
      ...(prefix === undefined ? {} : { prefix }),
      // Without Redis a command must fail soon, so that the platform gets its response.
      connection: this.#connection({ maxRetriesPerRequest: 2 }),
      skipWaitingForReady: true,
      defaultJobOptions: {
        // Errors of the queue itself, such as a lost connection, must not end the job.
        attempts: Number.MAX_SAFE_INTEGER,
        backoff: { type: 'fixed', delay: 1000 },
        removeOnComplete: { age: Math.ceil(deduplicationTtl / 1000) },
        removeOnFail: { age: Math.ceil(deduplicationTtl / 1000) },
      },
    });
    this.#isClosing = false;
    let words = `no response within ${OPEN_MS} ms`;
    queue.on('error', (error: Error) => {
      words = error.message;
      this.#onError(error);
    });
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<'too long'>((resolve) => {
      timer = setTimeout(() => resolve('too long'), OPEN_MS);
    });
    try {
      if ((await Promise.race([queue.waitUntilReady(), tooLong])) === 'too long') {
        throw new Error(words);
      }
    } catch (error) {
      this.#isClosing = true;
      queue.close().catch(() => {});
      throw makeError('ERR_SPEC_STORE', 'Redis', (error as Error).message || words);
    } finally {
      clearTimeout(timer);
    }
    this.#queue = queue;
  }

  /**
   * Stores a job. `full` is approximate, because other instances may add jobs at the same time.
   *
   * @throws SpecError `ERR_SPEC_STORE` if the queue is not open; the error of BullMQ if Redis is unreachable
   */
  async add(job: AcceptedJob, { maxPending }: JobLimits): Promise<'added' | 'duplicate' | 'full'> {
    const queue = this.#opened();
    if ((await queue.getJob(job.id)) !== undefined) return 'duplicate';
    const { waiting, running, delayed } = await this.counts();
    // Approximate: other instances may add at the same time.
    if (waiting + running + delayed >= maxPending) return 'full';
    await queue.add(
      job.abilityId || 'job',
      { job, runAttempts: 0, reportAttempts: 0 },
      { jobId: job.id },
    );
    return 'added';
  }

  /** Starts to claim jobs. Reconnects to Redis forever; a lost connection is passed to `worker.onError`. */
  async start(worker: JobWorker): Promise<void> {
    const { name, prefix, lockDuration, stalledInterval } = this.#options;
    this.#onError = (error) => worker.onError(error);
    const bull = new Worker<JobData>(name, (job, token = '') => this.#process(job, token, worker), {
      ...(prefix === undefined ? {} : { prefix }),
      connection: this.#connection({ maxRetriesPerRequest: null }),
      concurrency: worker.concurrency,
      lockDuration,
      stalledInterval,
      // Unlimited, because maxAttempts of the program ends a job that crashes every instance.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    bull.on('error', (error) => this.#onError(error));
    this.#worker = bull;
  }

  async #process(job: Job<JobData>, token: string, worker: JobWorker): Promise<void> {
    const { data } = job;
    // The job was finished by an instance that died before it could complete it in BullMQ.
    if (data.job === undefined) return;
    let current = data;
    const put = async (next: JobData): Promise<boolean> => {
      const isStored = await this.#updateIfClaimed(job, token, next);
      if (isStored) current = next;
      return isStored;
    };
    const settlement = await worker.work({
      job: data.job,
      runAttempts: data.runAttempts,
      reportAttempts: data.reportAttempts,
      report: data.report,
      begin: async () => {
        const isStored = await put({ ...current, runAttempts: current.runAttempts + 1 });
        if (!isStored) throw makeError('ERR_SPEC_STORE', 'Redis', 'the claim of the job was lost');
      },
      // An instance that has lost its claim must not report.
      finish: async (report) => ((await put({ ...current, report })) ? report : undefined),
    });
    switch (settlement.kind) {
      case 'reported':
        await put({ runAttempts: current.runAttempts, reportAttempts: current.reportAttempts });
        return;
      case 'dead':
        // BullMQ keeps it among its failed jobs.
        throw new UnrecoverableError(settlement.reason);
      case 'retry':
        await put({ ...current, reportAttempts: current.reportAttempts + 1 });
        await job.moveToDelayed(Date.now() + settlement.delay, token);
        throw new DelayedError();
      case 'released':
        await job.moveToWait(token);
        throw new WaitingError();
    }
  }

  /**
   * Stores the data of a job if this instance still has its claim, in one step: an instance that has lost it must not overwrite what
   * the next one has stored.
   */
  async #updateIfClaimed(job: Job<JobData>, token: string, data: JobData): Promise<boolean> {
    const queue = this.#opened();
    const key = queue.toKey(job.id ?? '');
    const client = await queue.backend.client;
    client.defineCommand(UPDATE_IF_CLAIMED.name, UPDATE_IF_CLAIMED);
    const args = [key, `${key}:lock`, token, JSON.stringify(data)];
    const isStored = (await client.runCommand(UPDATE_IF_CLAIMED.name, args)) === 1;
    if (isStored) job.data = data;
    return isStored;
  }

  /** Counts the jobs of all instances by state. */
  async counts(): Promise<JobStateCounts> {
    const counts = await this.#opened().getJobCounts('waiting', 'active', 'delayed', 'failed');
    const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
    return { waiting, running: active, delayed, dead: failed };
  }

  /** Lists the dead jobs, which are the failed jobs of BullMQ, the oldest first. */
  async listDead(): Promise<DeadJob[]> {
    const failed = await this.#opened().getFailed();
    return failed.reverse().map(({ id = '', data, failedReason, finishedOn = 0 }) => ({
      ...{ id, reason: failedReason, diedAt: finishedOn },
      abilityId: data.job?.abilityId,
      requestId: data.job?.requestId,
      hasReport: data.report !== undefined,
    }));
  }

  /**
   * Attempts a dead job again.
   *
   * @returns whether there is such a job
   */
  async retryDead(id: string): Promise<boolean> {
    const job = await this.#failedJob(id);
    if (job?.data.job === undefined) return false;
    await job.retry('failed');
    return true;
  }

  /**
   * Removes a dead job and its content from Redis.
   *
   * @returns whether there was such a job
   */
  async discardDead(id: string): Promise<boolean> {
    const job = await this.#failedJob(id);
    await job?.remove();
    return job !== undefined;
  }

  async #failedJob(id: string): Promise<Job<JobData> | undefined> {
    const job = await this.#opened().getJob(id);
    return (await job?.isFailed()) ? job : undefined;
  }

  /**
   * Stops claiming jobs, and waits until the claimed ones have ended.
   *
   * @param hurry - when aborted, claims that do not end within 2 s are abandoned: another instance takes them over
   */
  async stop(hurry: AbortSignal): Promise<void> {
    const closing = this.#worker?.close() ?? Promise.resolve();
    this.#worker = undefined;
    let timer: NodeJS.Timeout | undefined;
    // Claims cannot end while Redis is unreachable.
    const inVain = new Promise<void>((resolve) => {
      whenAborted(hurry, () => {
        this.#isClosing = true;
        timer = setTimeout(resolve, CLOSE_MS);
      });
    });
    await Promise.race([closing, inVain]);
    clearTimeout(timer);
  }

  /** Closes the connections; waits at most 2 s for Redis. A client that was passed as `connection` stays open. */
  async close(): Promise<void> {
    this.#isClosing = true;
    // Connection errors during closing are not reported.
    this.#onError = ignore;
    const queue = this.#queue;
    this.#queue = undefined;
    let timer: NodeJS.Timeout | undefined;
    const inVain = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([queue?.close(), inVain]);
    clearTimeout(timer);
    for (const client of this.#clients.splice(0)) client.disconnect();
  }

  /** Reconnects forever, except while closing. */
  readonly #retryStrategy = (times: number): number | null =>
    this.#isClosing ? null : Math.min(times * 50, LONGEST_RETRY_MS);

  #connection(more: object): ConnectionOptions {
    const { connection } = this.#options;
    const client = connection as Partial<OwnClient>;
    // BullMQ needs other settings than a client usually has, so that it gets a copy.
    if (typeof client.defineCommand === 'function' && !client.isCluster && client.duplicate) {
      const copy = client.duplicate({ retryStrategy: this.#retryStrategy, ...more });
      this.#clients.push(copy);
      return copy as unknown as ConnectionOptions;
    }
    if (typeof client.duplicate === 'function') return connection;
    return { retryStrategy: this.#retryStrategy, ...connection, ...more } as ConnectionOptions;
  }

  #opened(): Queue<JobData> {
    if (this.#queue === undefined) throw makeError('ERR_SPEC_STORE', 'Redis', 'it is closed');
    return this.#queue;
  }
}

/** The part of an ioredis client that is used here. */
interface OwnClient {
  readonly defineCommand: unknown;
  readonly isCluster?: boolean;
  duplicate(options: object): OwnClient;
  disconnect(): void;
}

function keyPrefixOf(connection: object): unknown {
  const { keyPrefix, options } = connection as {
    keyPrefix?: unknown;
    options?: { keyPrefix?: unknown };
  };
  return keyPrefix || options?.keyPrefix || undefined;
}

function ignore(): void {}
