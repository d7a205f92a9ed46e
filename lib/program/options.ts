import { resolve } from 'node:path';
import {
  booleanOption,
  checkNames,
  checkOptions,
  functionOption,
  integerOption,
  objectOption,
  stringOption,
  timeoutOption,
  wrongType,
} from '../common/options';
import { MAX_TIMER_MS } from '../common/timers';
import { type RetryPolicy, retryPolicy } from '../zone/options';
import type { ZoneClientSettings } from '../zone/zone-client';
import type { Call, HandlerResult } from './handlers/call';
import type { ProgramFailure } from './handlers/failure';
import type { JobQueue, JobReport } from './jobs/job-queue';
import type { Tracer } from './observe/tracing';

/** Options for asynchronous calls. */
export interface JobOptions {
  /** Stores accepted jobs; default: a queue in {@link ZoneProgramOptions.dataDir}. */
  readonly queue?: JobQueue;
  /** Jobs that run at the same time, from 1; default 16. */
  readonly concurrency?: number;
  /** Accepted jobs that are not reported yet, from 1; default 10,000. Further ones are refused with `busyStatus`. */
  readonly maxPending?: number;
  /**
   * Bytes of the requests and results of these jobs, from 1; default 1 GiB. Further jobs are refused with `busyStatus`. Not enforced
   * by `BullJobQueue`: limit the memory of Redis.
   */
  readonly maxStoredBytes?: number;
  /**
   * Bytes of a result, from 1; default 16 MiB. The job of a larger one is reported as failed. The platform's own limit is not
   * documented.
   */
  readonly maxResultBytes?: number;
  /**
   * Milliseconds after its acceptance during which a job is reported; default: 3 days. After that, and when the platform refuses the
   * report permanently, the job is dead, see {@link DeadJob}.
   */
  readonly reportTtl?: number;
  /** Milliseconds for a run of a handler; default: one hour. */
  readonly handlerTimeout?: number;
  /** A job whose handler was interrupted this many times, by a crash or shutdown, is reported as failed; from 1, default 20. */
  readonly maxAttempts?: number;
  /**
   * Returns what is reported for a failure. Default: `{ errcode }` alone, because a `result` must match the ability's output
   * protocol, or the platform refuses the report.
   */
  readonly onError?: (failure: ProgramFailure, call: Call) => JobReport;
  /** Pauses between reports of a job in milliseconds: the first (default 1000), doubled each time up to `maxDelay` (60,000). */
  readonly retry?: { readonly delay?: number; readonly maxDelay?: number };
  /**
   * Milliseconds for which a finished job is recognised when it is delivered again, and for which a dead one is kept with its request
   * and result; default: 24 hours.
   */
  readonly deduplicationTtl?: number;
  /**
   * HTTP status of the response when a job is not accepted, 200 to 599; default 503. The platform ignores the content of responses
   * to asynchronous calls, so only the status informs it.
   */
  readonly busyStatus?: number;
}

/** Options of a {@link ZoneProgram}; all have defaults. */
export interface ZoneProgramOptions {
  /** Maximum size of a request body in bytes, from 1; default 64 MiB, as in the official Java sample. Larger ones get status 413. */
  readonly bodyLimit?: number;
  /**
   * Milliseconds between two reads of a body; default 60,000, as nginx's `client_body_timeout`. Slower requests get status 408.
   */
  readonly bodyTimeout?: number;
  /**
   * Bytes that are held at the same time for requests that are not verified yet, at least {@link bodyLimit}; default 256 MiB.
   * Further bytes get status 503.
   */
  readonly maxUnverifiedBytes?: number;
  /**
   * A request without any header that begins with this is refused before its body is read; default `ww-`, as in `ww-secret-ver`.
   * `''` switches the check off. Which headers the platform sends is not documented.
   */
  readonly requiredHeaderPrefix?: string;
  /**
   * Whether GET and HEAD requests without such a header get `{"status":"ok"}` with status 200, or 503 while the program closes;
   * default true. For load balancers and orchestrators; the platform sends POST.
   */
  readonly health?: boolean;
  /**
   * Bodies of at least so many bytes are verified, and responses of at least so many characters built, on threads, so that other
   * requests are served meanwhile; from 0, default 256 KiB. Below that, a thread costs more than the millisecond that it frees.
   */
  readonly offloadBytes?: number;
  /** Milliseconds for the handler of a synchronous call or event; default 60,000. */
  readonly handlerTimeout?: number;
  /** Milliseconds for running handlers and reports when the program closes; default 10,000. */
  readonly closeTimeout?: number;
  /** HTTP status for requests that fail verification, 200 to 599; default 200, as the guide says. */
  readonly unverifiedStatus?: number;
  /** Returns what the application gets for a failure; default `{ errcode, errmsg, request_id }`. */
  readonly onError?: (failure: ProgramFailure, call: Call) => HandlerResult;
  /**
   * Folder for accepted jobs and stored events, created on first use; default: `WEWORK_SPEC_DATA_DIR`, or `wework-spec-data` in
   * the working directory. If this or the variable is set, the program does not start without the right to write there.
   */
  readonly dataDir?: string;
  /** Where accepted jobs are stored, and how often they are run and reported. */
  readonly jobs?: JobOptions;
  /** Settings of `call.zone`. */
  readonly zone?: ZoneClientSettings;
  /** `trace.getTracer(…)` of `@opentelemetry/api`: spans for requests, jobs, and the calls into the platform. */
  readonly tracer?: Tracer;
}

/** The validated options, with defaults. Its members follow from the options, so that the compiler notices one that is not validated. */
export interface CheckedProgramOptions
  extends Required<Omit<ZoneProgramOptions, 'onError' | 'tracer' | 'jobs' | 'dataDir'>> {
  /** The folder, and whether the option or the variable names it; determined when they are read. */
  readonly dataDir: () => { readonly folder: string; readonly isSet: boolean };
  readonly onError: ZoneProgramOptions['onError'] | undefined;
  readonly tracer: Tracer | undefined;
  readonly jobs: CheckedJobOptions;
}

interface CheckedJobOptions extends Required<Omit<JobOptions, 'queue' | 'onError' | 'retry'>> {
  readonly queue: JobQueue | undefined;
  readonly onError: JobOptions['onError'] | undefined;
  readonly retry: RetryPolicy;
}

const MAX = Number.MAX_SAFE_INTEGER;

/** Validates the options and fills in defaults; throws `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_UNKNOWN_OPTION`, `ERR_SPEC_OUT_OF_RANGE`. */
export function checkedProgramOptions(options: ZoneProgramOptions): CheckedProgramOptions {
  checkOptions(options);
  const { jobs = {} } = options;
  objectOption('options.jobs', jobs);
  const { tracer } = options;
  if (tracer !== undefined && typeof tracer?.startActiveSpan !== 'function') {
    throw wrongType('options.tracer', 'a tracer of @opentelemetry/api', tracer);
  }
  const { queue, retry = {} } = jobs;
  objectOption('options.jobs.retry', retry);
  if (queue !== undefined && typeof queue?.add !== 'function') {
    throw wrongType('options.jobs.queue', 'a JobQueue', queue);
  }
  const { requiredHeaderPrefix = 'ww-', health = true } = options;
  if (typeof requiredHeaderPrefix !== 'string')
    throw wrongType('options.requiredHeaderPrefix', 'of type string', requiredHeaderPrefix);
  const bodyLimit = integer('options.bodyLimit', options.bodyLimit, 64 * 1024 ** 2, 1, MAX);
  const unverifiedByDefault = Math.max(256 * 1024 ** 2, bodyLimit);
  const checked: CheckedProgramOptions = {
    bodyLimit,
    bodyTimeout: integer('options.bodyTimeout', options.bodyTimeout, 60_000, 1, MAX_TIMER_MS),
    maxUnverifiedBytes: integer(
      'options.maxUnverifiedBytes',
      options.maxUnverifiedBytes,
      unverifiedByDefault,
      bodyLimit,
      MAX,
    ),
    requiredHeaderPrefix: requiredHeaderPrefix.toLowerCase(),
    health: booleanOption('options.health', health),
    offloadBytes: integer('options.offloadBytes', options.offloadBytes, 256 * 1024, 0, MAX),
    handlerTimeout: integer(
      'options.handlerTimeout',
      options.handlerTimeout,
      60_000,
      1,
      MAX_TIMER_MS,
    ),
    closeTimeout: integer('options.closeTimeout', options.closeTimeout, 10_000, 0, MAX_TIMER_MS),
    unverifiedStatus: integer('options.unverifiedStatus', options.unverifiedStatus, 200, 200, 599),
    onError: functionOption('options.onError', options.onError),
    dataDir: dataDirOf(options.dataDir),
    zone: checkedZoneSettings(options.zone ?? {}),
    tracer,
    jobs: {
      queue,
      concurrency: integer('options.jobs.concurrency', jobs.concurrency, 16, 1, 10_000),
      maxPending: integer('options.jobs.maxPending', jobs.maxPending, 10_000, 1, MAX),
      maxStoredBytes: integer(
        'options.jobs.maxStoredBytes',
        jobs.maxStoredBytes,
        1024 ** 3,
        1,
        MAX,
      ),
      maxResultBytes: integer(
        'options.jobs.maxResultBytes',
        jobs.maxResultBytes,
        16 * 1024 ** 2,
        1,
        MAX,
      ),
      reportTtl: integer('options.jobs.reportTtl', jobs.reportTtl, 3 * 24 * 3_600_000, 1, MAX),
      handlerTimeout: integer(
        'options.jobs.handlerTimeout',
        jobs.handlerTimeout,
        3_600_000,
        1,
        MAX_TIMER_MS,
      ),
      maxAttempts: integer('options.jobs.maxAttempts', jobs.maxAttempts, 20, 1, MAX),
      onError: functionOption('options.jobs.onError', jobs.onError),
      retry: retryPolicy(
        {
          delay: retry.delay ?? 1000,
          maxDelay: retry.maxDelay ?? 60_000,
        },
        undefined,
        'options.jobs.retry',
      ),
      deduplicationTtl: integer(
        'options.jobs.deduplicationTtl',
        jobs.deduplicationTtl,
        24 * 3_600_000,
        0,
        MAX,
      ),
      busyStatus: integer('options.jobs.busyStatus', jobs.busyStatus, 503, 200, 599),
    },
  };
  checkNames('options', options, Object.keys(checked));
  checkNames('options.jobs', jobs, Object.keys(checked.jobs));
  return checked;
}

/** The folder is determined on first use: a test creates its program before the sandbox that sets the variable. */
function dataDirOf(given: string | undefined): CheckedProgramOptions['dataDir'] {
  const dataDir = given === undefined ? undefined : resolve(stringOption('options.dataDir', given));
  const byDefault = resolve('wework-spec-data');
  return () => {
    const named = dataDir ?? (process.env.WEWORK_SPEC_DATA_DIR || undefined);
    return { folder: resolve(named ?? byDefault), isSet: named !== undefined };
  };
}

/** Checks the settings now, because a program creates a client only when it serves a request. */
function checkedZoneSettings(zone: ZoneClientSettings): ZoneClientSettings {
  objectOption('options.zone', zone);
  timeoutOption('options.zone.timeout', zone.timeout);
  retryPolicy(zone.retry, undefined, 'options.zone.retry');
  return zone;
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
