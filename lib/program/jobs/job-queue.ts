import type { JobLimits } from '../store/job-table';

export type { JobLimits };

/** An accepted asynchronous call, with everything that another process needs to run and report it. */
export interface AcceptedJob {
  /** Derived from corpid, agentid and job_info: a call delivered twice is one job. */
  readonly id: string;
  /** The corp of the request (`GetCorpId()`). */
  readonly corpId: string;
  /** agentid of the application on whose behalf the job runs; 0 if the request has none. */
  readonly agentId: number;
  /** The ability that was called; its handler runs the job. */
  readonly abilityId: string;
  /** notify_id of the request; empty if it has none. */
  readonly notifyId: string;
  /** job_info of the request: the report must carry it unchanged. */
  readonly jobInfo: string;
  /** The request's data as received. */
  readonly data: string;
  /** The request's id in log records. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
}

/** The request of `program_async_job_call_back`. */
export interface JobReport {
  /** 0 if the job succeeded. */
  readonly errcode: number;
  /** Must match the output protocol of the ability. */
  readonly result?: string;
}

/** A job that this process has claimed. */
export interface ClaimedJob {
  /** The job to run or to report. */
  readonly job: AcceptedJob;
  /** Earlier runs of the handler, by this process or another. */
  readonly runAttempts: number;
  /** Earlier attempts to report the job. */
  readonly reportAttempts: number;
  /** The stored report; undefined until the handler has finished. */
  readonly report: JobReport | undefined;
  /** Increments the number of runs; stored when the promise is fulfilled. */
  begin(): Promise<void>;
  /**
   * Stores the report durably, before it is sent.
   *
   * @returns the report to send; undefined if the process has lost its claim and must not report
   */
  finish(report: JobReport): Promise<JobReport | undefined>;
}

/** How a claim ends. */
export type JobSettlement =
  /** The platform accepted the report: the job is finished. */
  | { readonly kind: 'reported' }
  /** The job cannot be reported: it is kept as a {@link DeadJob}. */
  | { readonly kind: 'dead'; readonly reason: string }
  /** Report or run the job again after `delay` milliseconds. */
  | { readonly kind: 'retry'; readonly delay: number }
  /** Not finished; the next process continues. */
  | { readonly kind: 'released' };

/** Jobs by state. */
export interface JobStateCounts {
  /** Ready to run or to be reported. */
  readonly waiting: number;
  /** Being run or reported, by all instances that share the queue. */
  readonly running: number;
  /** Waiting for the next attempt. */
  readonly delayed: number;
  /** Not attempted any more, see {@link DeadJob}. */
  readonly dead: number;
}

/** A job that is not attempted any more: it could not be reported, or its record is damaged. */
export interface DeadJob {
  /** The {@link AcceptedJob.id}, for {@link JobQueue.retryDead} and {@link JobQueue.discardDead}. */
  readonly id: string;
  /** Why; without content. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly diedAt: number;
  /** Undefined when the record is damaged. */
  readonly abilityId: string | undefined;
  /** The request's id in log records; undefined when the record is damaged. */
  readonly requestId: string | undefined;
  /** Whether the handler has finished: {@link JobQueue.retryDead} then sends its result, and does not run it again. */
  readonly hasReport: boolean;
}

/** Processes the jobs of a queue. */
export interface JobWorker {
  /** Jobs that this process runs at the same time, from 1. */
  readonly concurrency: number;
  /** Never rejects. */
  work(claimed: ClaimedJob): Promise<JobSettlement>;
  /** Receives errors of the queue itself, for the log. */
  onError(error: unknown): void;
}

/**
 * Stores accepted jobs until they are reported. Each job is claimed by one process at a time; when the process dies, the job is
 * claimed again, with its report if that was stored. Delivery is at-least-once.
 */
export interface JobQueue {
  /**
   * Whether jobs of an earlier process may exist. If so, the queue is opened when the program starts instead of with the first job.
   */
  mayHaveJobs(): boolean;
  /** Opens the queue, before any method below is called; rejected with `ERR_SPEC_STORE` or `ERR_SPEC_STORE_LOCKED`. */
  open(): Promise<void>;
  /**
   * Stores a job durably.
   *
   * @returns `duplicate` for a job that was accepted before, finished or not; it is not stored again. `full` when the limits are
   * reached
   */
  add(job: AcceptedJob, limits: JobLimits): Promise<'added' | 'duplicate' | 'full'>;
  /** Starts processing, with the jobs of an earlier process first. */
  start(worker: JobWorker): Promise<void>;
  /** Counts the jobs by state, of all processes that share the queue. */
  counts(): Promise<JobStateCounts>;
  /** Lists the dead jobs, the oldest first. */
  listDead(): Promise<DeadJob[]>;
  /** Attempts a dead job again. @returns whether there is such a job, and its record can be read */
  retryDead(id: string): Promise<boolean>;
  /** Deletes a dead job with its content. @returns whether there was such a job */
  discardDead(id: string): Promise<boolean>;
  /**
   * Stops claiming jobs. Fulfilled when all claims have ended.
   *
   * @param hurry - when aborted, the remaining claims are abandoned
   */
  stop(hurry: AbortSignal): Promise<void>;
  /** Frees all resources; called after {@link stop}. Does not wait for an unreachable server. */
  close(): Promise<void>;
}
