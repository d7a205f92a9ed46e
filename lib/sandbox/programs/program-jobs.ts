import { randomBytes } from 'node:crypto';
import { type SandboxError, sandboxError } from '../../errors';
import { PlatformError } from '../common/platform-error';
import type { Store } from '../state/store';
import type { RequestFields } from '../wire/program-message';
import type { CallResult, ReportedJob } from './call-result';
import type { JobKind, JobReport, SavedJob } from './jobs';

const KEPT_JOBS = 10_000;
const JOB_INFO_BYTES = 32;

/** Calls a program, by default the sandbox's own. A failure of the exchange becomes an errcode of the result. */
export type ProgramCaller = (
  fields: RequestFields,
  options?: { readonly programId?: string; readonly signal?: AbortSignal },
) => Promise<CallResult>;

/** The request that starts a job. */
export interface JobRequest {
  readonly kind: JobKind;
  readonly abilityId: string;
  /** A string is sent unchanged, anything else as JSON. */
  readonly data: unknown;
  /** The program to call; the sandbox's own by default. */
  readonly programId?: string;
  /** corpid of the request; the sandbox's by default. */
  readonly corpId?: string;
  /** agentid of the request; the sandbox's by default. May be 0, as on the platform. */
  readonly agentId?: number;
  /** Stored with the job and returned with its result, for example a `fail_list`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

/** A job that was started. */
export interface StartedJob {
  readonly jobid: string;
  /**
   * The program's response to the request. Its content is ignored, as on the platform. A job whose delivery failed is discarded,
   * unless the program reported a result anyway.
   */
  readonly delivered: Promise<CallResult>;
  /** Rejects with a SandboxError if the job is discarded before it is reported. Need not be awaited. */
  readonly reported: Promise<ReportedJob>;
}

/** Sender of a report, and the job that it reports. */
export interface JobReporter {
  readonly corpId: string;
  readonly agentId: number;
  readonly jobInfo: string;
}

interface Job extends Omit<SavedJob, 'report'> {
  report: JobReport | undefined;
  readonly reported: Deferred<ReportedJob>;
}

/** The data of {@link ProgramJobs}. */
export interface JobData {
  /** Oldest first. */
  readonly jobs: readonly SavedJob[];
}

export interface ProgramJobsOptions {
  readonly call: ProgramCaller;
  readonly corpId: string;
  readonly agentId: number;
  /** Checks a result that a program reports against the ability's protocol; throws PlatformError. */
  readonly checkResult?: (abilityId: string, result: string) => void;
}

/**
 * The asynchronous jobs of programs. The platform gives the program an opaque `job_info` that cannot be guessed. With it, the
 * program reports the result once, and whoever has the jobid reads the report. Only the 10,000 newest jobs are stored.
 *
 * In the zone: P99812, P99873 and P99847 (https://developer.work.weixin.qq.com/document/path/99847).
 */
export class ProgramJobs implements Store<JobData> {
  readonly #options: ProgramJobsOptions;
  readonly #byId = new Map<string, Job>();
  readonly #byInfo = new Map<string, Job>();

  constructor(options: ProgramJobsOptions) {
    this.#options = options;
  }

  /** Creates a job and sends it to the program with call_type 1 and is_async. */
  start(request: JobRequest): StartedJob {
    const job = this.#add({
      jobid: `job-${randomBytes(12).toString('hex')}`,
      jobInfo: randomBytes(JOB_INFO_BYTES).toString('base64url'),
      kind: request.kind,
      abilityId: request.abilityId,
      corpId: request.corpId ?? this.#options.corpId,
      agentId: request.agentId ?? this.#options.agentId,
      details: request.details ?? {},
    });
    return {
      jobid: job.jobid,
      delivered: this.#deliver(job, request),
      reported: job.reported.promise,
    };
  }

  /**
   * Accepts a report. A job belongs to the corpid and agentid of its request.
   *
   * @throws PlatformError 790017 the job_info is unknown, or belongs to another corp or application; 790010 the job was already
   * reported; 790013, 790014 the result does not match the ability's protocol.
   */
  report({ corpId, agentId, jobInfo }: JobReporter, report: JobReport): void {
    const job = this.#byInfo.get(jobInfo);
    if (job === undefined || job.corpId !== corpId || job.agentId !== agentId) {
      throw new PlatformError(790017);
    }
    if (job.report !== undefined) throw new PlatformError(790010, 'it was reported already');
    // The guides do not describe the result of a failed job, so only the result of a successful one is checked.
    if (report.errcode === 0) this.#options.checkResult?.(job.abilityId, report.result ?? '');
    job.report = report;
    job.reported.resolve(reportedJob(job, report));
  }

  /**
   * Returns the report of a job.
   *
   * @throws PlatformError 40088 there is no such job; 710616 it was created by another interface than `kind`; 710642 it is not
   * reported yet.
   */
  result(jobid: string, kind: JobKind): ReportedJob {
    const job = this.#byId.get(jobid);
    if (job === undefined) throw new PlatformError(40088);
    if (job.kind !== kind) throw new PlatformError(710616);
    if (job.report === undefined) throw new PlatformError(710642);
    return reportedJob(job, job.report);
  }

  /** A copy of all jobs, including their job_info. */
  snapshot(): JobData {
    const jobs = [...this.#byId.values()].map(({ reported: _, report, ...job }) => ({
      ...job,
      ...(report === undefined ? {} : { report }),
    }));
    return structuredClone({ jobs });
  }

  /** Replaces all jobs; pending `reported` promises reject with `ERR_SANDBOX_JOB_FORGOTTEN`. */
  restore({ jobs }: JobData): void {
    this.clear();
    for (const { report, ...rest } of structuredClone(jobs)) {
      const job = this.#add(rest);
      if (report === undefined) continue;
      job.report = report;
      job.reported.resolve(reportedJob(job, report));
    }
  }

  /** Discards all jobs. Promises of their reports reject with `reason`. */
  clear(reason: SandboxError = forgotten()): void {
    const jobs = [...this.#byId.values()];
    this.#byId.clear();
    this.#byInfo.clear();
    for (const job of jobs) job.reported.reject(reason);
  }

  #add(fields: Omit<SavedJob, 'report'>): Job {
    const job: Job = { ...fields, report: undefined, reported: withResolvers() };
    // The caller need not await the report, so a rejection must not count as unhandled.
    job.reported.promise.catch(() => {});
    this.#byId.set(job.jobid, job);
    this.#byInfo.set(job.jobInfo, job);
    if (this.#byId.size > KEPT_JOBS) {
      const [oldest] = this.#byId.values();
      if (oldest !== undefined) this.#forget(oldest);
    }
    return job;
  }

  async #deliver(job: Job, request: JobRequest): Promise<CallResult> {
    let isDelivered = false;
    try {
      const { programId, signal } = request;
      const result = await this.#options.call(
        {
          abilityId: job.abilityId,
          data: request.data,
          isAsync: true,
          jobInfo: job.jobInfo,
          corpId: job.corpId,
          agentId: job.agentId,
        },
        { ...(programId === undefined ? {} : { programId }), ...(signal && { signal }) },
      );
      isDelivered = result.errcode === 0;
      return result;
    } finally {
      if (!isDelivered && job.report === undefined) this.#forget(job);
    }
  }

  #forget(job: Job): void {
    this.#byId.delete(job.jobid);
    this.#byInfo.delete(job.jobInfo);
    job.reported.reject(forgotten());
  }
}

function reportedJob({ jobid, details }: Job, report: JobReport): ReportedJob {
  return { jobid, report, details };
}

function forgotten(): SandboxError {
  return sandboxError('ERR_SANDBOX_JOB_FORGOTTEN');
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** `Promise.withResolvers`, which Node.js 20 does not have. */
function withResolvers<T>(): Deferred<T> {
  let resolve!: Deferred<T>['resolve'];
  let reject!: Deferred<T>['reject'];
  const promise = new Promise<T>((...functions) => {
    [resolve, reject] = functions;
  });
  return { promise, resolve, reject };
}
