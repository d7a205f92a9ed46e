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
import { scope } from '../observe/scope';
import { failSpan, inSpan, spanKind, type Tracer } from '../observe/tracing';
import { type JobCounters, newJobCounters } from './job-counters';
import { jobIdOf } from './job-id';
import type { AcceptedJob, ClaimedJob, JobQueue, JobReport, JobStateCounts } from './job-queue';
import { failureReport, type ReportFailure } from './job-report';
import { JobRunner } from './runner';

/** The options that concern jobs. */
export interface JobsOptions {
  readonly zone: ZoneClientSettings;
  readonly tracer: Tracer | undefined;
  readonly jobs: {
    readonly concurrency: number;
    readonly maxPending: number;
    readonly handlerTimeout: number;
    readonly maxAttempts: number;
    readonly onError: ReportFailure | undefined;
    readonly retry: RetryPolicy;
  };
}

/** The other parts of the program that a job needs. */
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

/** Accepts asynchronous calls and has them run and reported. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #parts: JobsParts;
  readonly #runner: JobRunner;
  readonly #counters = newJobCounters();
  #queueStarted: Promise<void> | undefined;
  /** Whether the SDK can report a job after its request was answered. */
  #canReport = false;

  constructor(options: JobsOptions, parts: JobsParts) {
    this.#options = options;
    this.#parts = parts;
    this.#runner = new JobRunner({
      run: (claimed) => this.#run(claimed),
      program: parts.program,
      stopped: parts.shutdown.signal,
      retry: options.jobs.retry,
      zone: options.zone,
      counters: this.#counters,
    });
  }

  /** Takes up the jobs of an earlier process. @returns rejected as `ZoneProgram.start` */
  async start(): Promise<void> {
    this.#canReport = GetSdkInfo().hasJobInfo;
    if (this.#canReport && this.#parts.queue.mayHaveJobs()) await this.#startQueue();
  }

  /** Opened with the first job, or at the start if there may be old ones: a program without jobs creates no files. */
  #startQueue(): Promise<void> {
    const { queue, log } = this.#parts;
    this.#queueStarted ??= (async () => {
      await queue.open();
      await queue.start({
        concurrency: this.#options.jobs.concurrency,
        work: (claimed) => this.#runner.work(claimed),
        onError: (error) => log.error('job queue: %s', errorForLog(error)),
      });
    })().catch((error: unknown) => {
      this.#queueStarted = undefined;
      throw error;
    });
    return this.#queueStarted;
  }

  /** Stores a call as a job, before the platform is told that it was accepted. Never rejects. */
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
      this.#parts.log.error('job of %s not accepted: %s', fields.abilityId, words);
      return failure;
    }
  }

  async #add(fields: CallFields): Promise<'added' | 'duplicate'> {
    const { shutdown, start, queue } = this.#parts;
    if (shutdown.hasBegun) throw stoppingFailure();
    const { requestId, corpId, agentId, abilityId, notifyId, jobInfo, data } = fields;
    const job: AcceptedJob = {
      id: jobIdOf(corpId, agentId, jobInfo),
      ...{ requestId, corpId, agentId, abilityId, notifyId, jobInfo, data },
      acceptedAt: Date.now(),
    };
    await start();
    if (!this.#canReport) {
      const lacks = makeError('ERR_SPEC_UNSUPPORTED_BY_SDK', 'job_info in SpecSdk', '');
      throw new Failure('failed', 'the SDK cannot report the result of a job', lacks);
    }
    await this.#startQueue();
    const added = await queue.add(job, this.#options.jobs.maxPending);
    if (added === 'full') throw new Failure('busy', 'too many jobs wait; try again later');
    return added;
  }

  /** Runs the handler of a job. @returns what is to be reported; undefined when the program is being stopped */
  #run({ job, runAttempts }: ClaimedJob): Promise<JobReport | undefined> {
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
        if (executed.failure === undefined) return { errcode: 0, result: executed.text };
        const { failure, call } = executed;
        if (failure.kind === 'stopping') return undefined;
        failSpan(span, failure.kind);
        return failureReport(failure, call, jobs.onError, log);
      }),
    );
  }

  /** Numbers for the metrics. */
  async metrics(): Promise<JobStateCounts & JobCounters> {
    const isOpen = this.#queueStarted !== undefined && !this.#parts.shutdown.hasBegun;
    const states = isOpen
      ? await this.#parts.queue.counts()
      : { waiting: 0, running: 0, delayed: 0 };
    return { ...states, ...this.#counters };
  }

  /** Starts no more jobs, and waits for those that run, until the shutdown's time is over. */
  async stop(): Promise<void> {
    if (this.#queueStarted === undefined) return;
    await this.#queueStarted.catch(() => undefined);
    await this.#parts.queue.stop(this.#parts.shutdown.signal);
  }

  /** Frees what the queue holds; after {@link stop}. */
  async close(): Promise<void> {
    await this.#parts.queue.close();
  }
}

function tooManyAttempts(attempts: number): Failure {
  return new Failure(
    'failed',
    `each of ${attempts} runs of the job was cut short with its process`,
  );
}
