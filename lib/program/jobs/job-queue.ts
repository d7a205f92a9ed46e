/** An asynchronous call that the program has accepted: everything that is needed to run and report it in another process. */
export interface AcceptedJob {
  /** Made from corpid, agentid and job_info: the same call, delivered twice, is one job. */
  readonly id: string;
  readonly corpId: string;
  readonly agentId: number;
  readonly abilityId: string;
  readonly notifyId: string;
  readonly jobInfo: string;
  /** The request's data as it came. */
  readonly data: string;
  /** The request's id in log records. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
}

/** What `program_async_job_call_back` is called with. */
export interface JobReport {
  /** 0: the job is done and well. */
  readonly errcode: number;
  /** Must fit the output protocol of the ability. */
  readonly result?: string;
}

/** A job in the hands of this process. */
export interface ClaimedJob {
  readonly job: AcceptedJob;
  /** Runs of the handler that were begun before, by this process or another. */
  readonly runAttempts: number;
  /** Reports that were tried before. */
  readonly reportAttempts: number;
  /** The stored result; undefined until the handler has finished. */
  readonly report: JobReport | undefined;
  /** Notes that the handler begins; stored when the promise is fulfilled. */
  begin(): Promise<void>;
  /**
   * Stores the result, durably, before anything is reported.
   *
   * @returns what must be reported; undefined when the job is no longer this process's: then nothing may be
   */
  finish(report: JobReport): Promise<JobReport | undefined>;
}

/** What becomes of a claimed job. */
export type JobSettlement =
  /** The platform has the result, or will never take it: the job is over. */
  | { readonly kind: 'reported' }
  | { readonly kind: 'refused' }
  /** Report, or run, once more after so many milliseconds. */
  | { readonly kind: 'retry'; readonly delay: number }
  /** Not finished here; for the next process. */
  | { readonly kind: 'released' };

/** How many jobs there are. */
export interface JobStateCounts {
  /** Accepted and not begun, or to be begun again. */
  readonly waiting: number;
  /** In the hands of a handler or being reported; of all instances, where several share the queue. */
  readonly running: number;
  /** Waiting for the next attempt to report them. */
  readonly delayed: number;
}

/** How a queue hands out its jobs. */
export interface JobWorker {
  /** Jobs of this process at once, from 1. */
  readonly concurrency: number;
  /** Never rejects. */
  work(claimed: ClaimedJob): Promise<JobSettlement>;
  /** Trouble of the queue itself, for the log. */
  onError(error: unknown): void;
}

/**
 * Keeps what was accepted and not yet reported. Each job is claimed by one process at a time; when that one dies, the job
 * is claimed again, with its result if it was stored. At least once, that is, and never nothing.
 */
export interface JobQueue {
  /**
   * Whether jobs of an earlier process may be there, so that the queue must be opened at the start and not with the first
   * job.
   */
  mayHaveJobs(): boolean;
  /** Opens the queue; rejected with a coded error when that cannot be. Called before anything below. */
  open(): Promise<void>;
  /**
   * Stores a job durably.
   *
   * @param maxPending - jobs whose handler has not finished; at so many, no other is stored
   * @returns `duplicate` for a job that was accepted before, finished or not; nothing is stored then
   */
  add(job: AcceptedJob, maxPending: number): Promise<'added' | 'duplicate' | 'full'>;
  /** Begins to hand out jobs, those left by an earlier process first. */
  start(worker: JobWorker): Promise<void>;
  counts(): Promise<JobStateCounts>;
  /**
   * Hands out no more jobs; fulfilled when those that were handed out are settled.
   *
   * @param hurry - once it is aborted the jobs are released, and what does not come to an end is left
   */
  stop(hurry: AbortSignal): Promise<void>;
  /** Lets go of everything; after {@link stop}. Never waits for what is not there. */
  close(): Promise<void>;
}
