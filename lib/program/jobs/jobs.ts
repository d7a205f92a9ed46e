import { errorForLog } from '../../common/error-for-log';
import { makeError } from '../../errors';
import { GetSdkInfo } from '../../sdk/sdk-info';
import type { RetryPolicy } from '../../zone/options';
import type { ZoneClientSettings } from '../../zone/zone-client';
import type { Executor } from '../handlers/executor';
import { Failure, isFailure, type ProgramFailure, stoppingFailure } from '../handlers/failure';
import type { CallFields } from '../handlers/program-call';
import type { Shutdown } from '../handlers/shutdown';
import type { ProgramLog } from '../observe/log';
import { LogLimiter } from '../observe/log-limiter';
import { scope } from '../observe/scope';
import { failSpan, inSpan, spanKind, type Tracer } from '../observe/tracing';
import type { DeadJobs } from './dead-jobs';
import { type JobCounters, newJobCounters } from './job-counters';
import { jobIdOf } from './job-id';
import type { AcceptedJob, ClaimedJob, JobQueue, JobReport, JobStateCounts } from './job-queue';
import { failureReport, type ReportFailure } from './job-report';
import { JobRunner } from './runner';

/** Options for jobs. */
export interface JobsOptions {
  readonly zone: ZoneClientSettings;
  readonly tracer: Tracer | undefined;
  readonly jobs: {
    readonly concurrency: number;
    readonly maxPending: number;
    readonly maxStoredBytes: number;
    readonly maxResultBytes: number;
    readonly reportTtl: number;
    readonly handlerTimeout: number;
    readonly maxAttempts: number;
    readonly onError: ReportFailure | undefined;
    readonly retry: RetryPolicy;
  };
}

/** The parts of the program that process jobs. */
export interface JobsParts {
  /** Identity of the program, see {@link scope}. */
  readonly program: object;
  readonly log: ProgramLog;
  readonly queue: JobQueue;
  readonly executor: Executor;
  readonly shutdown: Shutdown;
  /** Starts the program, unless it has been started. */
  readonly start: () => Promise<void>;
}

/** Accepts asynchronous calls as jobs, and processes them. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #parts: JobsParts;
  readonly #runner: JobRunner;
  readonly #counters = newJobCounters();
  /** Failures of the queue, and jobs that were not accepted. */
  readonly #failures: LogLimiter;
  #queueStarted: Promise<void> | undefined;
  /** Whether the SDK can report a job after the response to its request. */
  #canReport = false;

  constructor(options: JobsOptions, parts: JobsParts) {
    this.#options = options;
    this.#parts = parts;
    this.#failures = new LogLimiter((text) => parts.log.error('%s', text));
    this.#runner = new JobRunner({
      run: (claimed) => this.#run(claimed),
      program: parts.program,
      stopped: parts.shutdown.signal,
      retry: options.jobs.retry,
      reportTtl: options.jobs.reportTtl,
      zone: options.zone,
      counters: this.#counters,
    });
  }

  /** Resumes the jobs of an earlier process. @returns rejected as `ZoneProgram.start` */
  async start(): Promise<void> {
    this.#canReport = GetSdkInfo().hasJobInfo;
    if (this.#canReport && this.#parts.queue.mayHaveJobs()) await this.#startQueue();
  }

  /** Opened on start if old jobs may exist, otherwise with the first job, so that a program without jobs creates no files. */
  #startQueue(): Promise<void> {
    const { queue } = this.#parts;
    this.#queueStarted ??= (async () => {
      await queue.open();
      await queue.start({
        concurrency: this.#options.jobs.concurrency,
        work: (claimed) => this.#runner.work(claimed),
        onError: (error) => this.#failures.record(`job queue: ${errorForLog(error)}`),
      });
    })().catch((error: unknown) => {
      this.#queueStarted = undefined;
      throw error;
    });
    return this.#queueStarted;
  }

  /** Stores a call as a job, before the platform gets the response. Never rejects. */
  async accept(fields: CallFields): Promise<'accepted' | 'duplicate' | ProgramFailure> {
    try {
      const added = await this.#add(fields);
      this.#counters[added === 'added' ? 'accepted' : 'duplicates'] += 1;
      return added === 'added' ? 'accepted' : 'duplicate';
    } catch (error) {
      const { failure } = isFailure(error)
        ? error
        : new Failure('busy', 'the job could not be stored', error);
      this.#counters.busy += 1;
      const words = failure.error === undefined ? failure.errmsg : errorForLog(failure.error);
      this.#failures.record(`job of ${fields.abilityId} not accepted: ${words}`);
      return failure;
    }
  }

  async #add(fields: CallFields): Promise<'added' | 'duplicate'> {
    const { shutdown, start, queue } = this.#parts;
    if (shutdown.hasBegun) throw stoppingFailure();
    const { requestId, corpId, agentId, abilityId, notifyId, jobInfo, data } = fields;
    const job: AcceptedJob = {
      id: jobIdOf(corpId, agentId, jobInfo),
      requestId,
      corpId,
      agentId,
      abilityId,
      notifyId,
      jobInfo,
      data,
      acceptedAt: Date.now(),
    };
    await start();
    if (!this.#canReport) {
      const lacks = makeError('ERR_SPEC_UNSUPPORTED_BY_SDK', 'job_info in SpecSdk', '');
      throw new Failure('failed', 'the SDK cannot report the result of a job', lacks);
    }
    await this.#startQueue();
    const added = await queue.add(job, {
      maxPending: this.#options.jobs.maxPending,
      maxBytes: this.#options.jobs.maxStoredBytes,
    });
    if (added === 'full') throw new Failure('busy', 'too many jobs wait; try again later');
    return added;
  }

  /** Runs the handler of a job. @returns the report; undefined if the program is closing */
  async #run({ job, runAttempts }: ClaimedJob): Promise<JobReport | undefined> {
    const { program, log, executor } = this.#parts;
    const { jobs, tracer } = this.#options;
    const fields: CallFields = { ...job, isAsync: true, callType: 1, attempt: runAttempts + 1 };
    return inSpan(tracer, 'zone job', { kind: spanKind.consumer, root: true }, (span) =>
      scope.run({ program, requestId: job.requestId }, async () => {
        span?.updateName(`job ${job.abilityId}`);
        span?.setAttributes({
          'wework_spec.ability': job.abilityId,
          'wework_spec.request_id': job.requestId,
          'wework_spec.attempt': fields.attempt,
        });
        const executed =
          runAttempts >= jobs.maxAttempts
            ? executor.refuse(tooManyAttempts(runAttempts), fields)
            : await executor.execute(fields, { handlerTimeout: jobs.handlerTimeout });
        if (executed.failure === undefined && this.#fits(executed.text)) {
          return { errcode: 0, result: executed.text };
        }
        const { failure, call } =
          executed.failure === undefined
            ? executor.refuse(tooLarge(executed.text, jobs.maxResultBytes), fields)
            : executed;
        if (failure.kind === 'stopping') return undefined;
        failSpan(span, failure.kind);
        const report = failureReport(failure, call, jobs.onError, log);
        return this.#fits(report.result ?? '') ? report : { errcode: report.errcode };
      }),
    );
  }

  #fits(result: string): boolean {
    return Buffer.byteLength(result) <= this.#options.jobs.maxResultBytes;
  }

  readonly dead: DeadJobs = {
    list: async () => (await this.#openedQueue())?.listDead() ?? [],
    retry: async (id) => (await this.#openedQueue())?.retryDead(id) ?? false,
    discard: async (id) => (await this.#openedQueue())?.discardDead(id) ?? false,
  };

  /** Undefined when no job was ever stored: looking for one must not create the store. */
  async #openedQueue(): Promise<JobQueue | undefined> {
    await this.#parts.start();
    if (this.#queueStarted === undefined) return undefined;
    await this.#queueStarted;
    return this.#parts.queue;
  }

  /** Values for the metrics. */
  async metrics(): Promise<JobStateCounts & JobCounters> {
    const isOpen = this.#queueStarted !== undefined && !this.#parts.shutdown.hasBegun;
    const states = isOpen
      ? await this.#parts.queue.counts()
      : { waiting: 0, running: 0, delayed: 0, dead: 0 };
    return { ...states, ...this.#counters };
  }

  /** Stops starting jobs, and waits for running ones until the time for the shutdown is over. */
  async stop(): Promise<void> {
    if (this.#queueStarted === undefined) return;
    await this.#queueStarted.catch(() => undefined);
    await this.#parts.queue.stop(this.#parts.shutdown.signal);
    this.#failures.flush();
  }

  /** Releases the resources of the queue; call after {@link stop}. */
  async close(): Promise<void> {
    await this.#parts.queue.close();
  }
}

function tooLarge(result: string, maxBytes: number): Failure {
  return new Failure(
    'failed',
    `the result has ${Buffer.byteLength(result)} bytes, and jobs.maxResultBytes is ${maxBytes}`,
  );
}

function tooManyAttempts(attempts: number): Failure {
  return new Failure(
    'failed',
    `all ${attempts} runs of the job were interrupted, because the process ended`,
  );
}
