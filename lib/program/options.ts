import { resolve } from 'node:path';
import { checkOptions, functionOption, integerOption, wrongType } from '../common/options';
import { MAX_TIMER_MS } from '../common/timers';
import { type RetryPolicy, retryPolicy } from '../zone/options';
import type { ZoneClientSettings } from '../zone/zone-client';
import type { Call, HandlerResult } from './handlers/call';
import type { ProgramFailure } from './handlers/failure';
import type { JobQueue, JobReport } from './jobs/job-queue';
import type { Tracer } from './observe/tracing';

/** How a program treats asynchronous calls. */
export interface JobOptions {
  /** Where accepted jobs are kept; by default in {@link ZoneProgramOptions.dataDir}, for one process. */
  readonly queue?: JobQueue;
  /** Handlers that run at once, from 1; default 16. */
  readonly concurrency?: number;
  /** Jobs that are accepted and not finished by a handler; a further one gets a busy answer. From 1; default 10,000. */
  readonly maxPending?: number;
  /** Milliseconds for a run of a handler; default an hour. */
  readonly handlerTimeout?: number;
  /** A job whose handler was cut short so often, by a crash or a stop, is reported as failed; from 1, default 20. */
  readonly maxAttempts?: number;
  /**
   * What is reported for a failure. Default: `{ errcode }` alone, since a `result` must fit the ability's output protocol, and
   * a report that does not is refused.
   */
  readonly onError?: (failure: ProgramFailure, call: Call) => JobReport;
  /** Between two reports: milliseconds before the first repetition (default 1000) and at most (default 60,000). */
  readonly retry?: { readonly delay?: number; readonly maxDelay?: number };
  /** Milliseconds for which a job that is over is recognised when it is delivered again; default a day. */
  readonly deduplicationTtl?: number;
  /**
   * HTTP status of the answer to a job that is not accepted, 200 to 599; default 503. The platform ignores the content of answers to
   * asynchronous calls, so that the status alone can tell it.
   */
  readonly busyStatus?: number;
}

/** How a program behaves; everything has a default. */
export interface ZoneProgramOptions {
  /** Largest body of a request in bytes, from 1; default 64 MiB, as in the official Java sample. More gets status 413. */
  readonly bodyLimit?: number;
  /** Milliseconds for a handler of a synchronous call or an event; default 60,000. */
  readonly handlerTimeout?: number;
  /** Milliseconds that running handlers and reports have when the program is stopped; default 10,000. */
  readonly closeTimeout?: number;
  /** HTTP status for requests that do not pass verification, 200 to 599; default 200, as the guide says. */
  readonly unverifiedStatus?: number;
  /** What the application gets for a failure; default `{ errcode, errmsg, request_id }`. */
  readonly onError?: (failure: ProgramFailure, call: Call) => HandlerResult;
  /**
   * Folder for accepted jobs and stored events, made when it is needed; default `WEWORK_SPEC_DATA_DIR`, or `wework-spec-data` in the
   * working directory.
   */
  readonly dataDir?: string;
  readonly jobs?: JobOptions;
  /** Settings of `call.zone`. */
  readonly zone?: ZoneClientSettings;
  /** `trace.getTracer(…)` of `@opentelemetry/api`: spans for requests, jobs, and the calls into the platform. */
  readonly tracer?: Tracer;
}

/** The options with their defaults, checked. */
export interface CheckedProgramOptions {
  readonly bodyLimit: number;
  readonly handlerTimeout: number;
  readonly closeTimeout: number;
  readonly unverifiedStatus: number;
  readonly onError: ((failure: ProgramFailure, call: Call) => HandlerResult) | undefined;
  readonly dataDir: string;
  readonly zone: ZoneClientSettings;
  readonly tracer: Tracer | undefined;
  readonly jobs: {
    readonly queue: JobQueue | undefined;
    readonly concurrency: number;
    readonly maxPending: number;
    readonly handlerTimeout: number;
    readonly maxAttempts: number;
    readonly onError: ((failure: ProgramFailure, call: Call) => JobReport) | undefined;
    readonly retry: RetryPolicy;
    readonly deduplicationTtl: number;
    readonly busyStatus: number;
  };
}

const MAX = Number.MAX_SAFE_INTEGER;

/** Fills in the defaults; throws `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_OUT_OF_RANGE`. */
export function checkedProgramOptions(options: ZoneProgramOptions): CheckedProgramOptions {
  checkOptions(options);
  const { jobs = {}, dataDir = process.env.WEWORK_SPEC_DATA_DIR || 'wework-spec-data' } = options;
  if (typeof jobs !== 'object' || jobs === null) throw wrongType('jobs', 'of type object', jobs);
  if (typeof dataDir !== 'string' || dataDir === '')
    throw wrongType('dataDir', 'a non-empty string', dataDir);
  const { tracer } = options;
  if (tracer !== undefined && typeof tracer?.startActiveSpan !== 'function') {
    throw wrongType('tracer', 'a tracer of @opentelemetry/api', tracer);
  }
  const { queue } = jobs;
  if (queue !== undefined && typeof queue?.add !== 'function') {
    throw wrongType('jobs.queue', 'a JobQueue', queue);
  }
  return {
    bodyLimit: integer('bodyLimit', options.bodyLimit, 64 * 1024 * 1024, 1, MAX),
    handlerTimeout: integer('handlerTimeout', options.handlerTimeout, 60_000, 1, MAX_TIMER_MS),
    closeTimeout: integer('closeTimeout', options.closeTimeout, 10_000, 0, MAX_TIMER_MS),
    unverifiedStatus: integer('unverifiedStatus', options.unverifiedStatus, 200, 200, 599),
    onError: functionOption('onError', options.onError),
    dataDir: resolve(dataDir),
    zone: options.zone ?? {},
    tracer,
    jobs: {
      queue,
      concurrency: integer('jobs.concurrency', jobs.concurrency, 16, 1, 10_000),
      maxPending: integer('jobs.maxPending', jobs.maxPending, 10_000, 1, MAX),
      handlerTimeout: integer(
        'jobs.handlerTimeout',
        jobs.handlerTimeout,
        3_600_000,
        1,
        MAX_TIMER_MS,
      ),
      maxAttempts: integer('jobs.maxAttempts', jobs.maxAttempts, 20, 1, MAX),
      onError: functionOption('jobs.onError', jobs.onError),
      retry: retryPolicy({
        delay: jobs.retry?.delay ?? 1000,
        maxDelay: jobs.retry?.maxDelay ?? 60_000,
      }),
      deduplicationTtl: integer(
        'jobs.deduplicationTtl',
        jobs.deduplicationTtl,
        24 * 3_600_000,
        0,
        MAX,
      ),
      busyStatus: integer('jobs.busyStatus', jobs.busyStatus, 503, 200, 599),
    },
  };
}

function integer(
  name: string,
  value: number | undefined,
  byDefault: number,
  min: number,
  max: number,
): number {
  return integerOption(name, value ?? byDefault, min, max);
}
