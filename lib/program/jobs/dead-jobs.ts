import type { DeadJob } from './job-queue';

/**
 * Jobs of a program that are not attempted any more: the platform refused the report permanently, `jobs.reportTtl` has passed, or the
 * record is damaged. They are kept for `jobs.deduplicationTtl`.
 */
export interface DeadJobs {
  /** Lists them, the oldest first. @returns rejected as `ZoneProgram.start`, and with `ERR_SPEC_STORE` */
  list(): Promise<DeadJob[]>;
  /**
   * Attempts one again: reports its result, or runs its handler if there is none.
   *
   * @param id - see {@link DeadJob.id}
   * @returns whether there is such a job, and its record can be read; rejected as {@link list}
   */
  retry(id: string): Promise<boolean>;
  /**
   * Deletes one with its request and result. A repeated delivery is still recognised.
   *
   * @returns whether there was such a job; rejected as {@link list}
   */
  discard(id: string): Promise<boolean>;
}
