import type { ClaimResult, DeadRecord, JobLimits, StoredCounts, StoredJob } from './job-table';

/** Identifies a claimed job. */
export interface ClaimKey {
  readonly seq: number;
  readonly id: string;
}

/** The operations of the store's thread. A change is on the disk when its call returns. */
export interface StoreOperations {
  /** Registers the caller as the owner of the jobs that it will claim. Needs no space on the disk. */
  openQueue(): void;
  addJob(job: StoredJob, limits: JobLimits): 'added' | 'duplicate' | 'full';
  claimJobs(toRun: number, toReport: number): ClaimResult;
  /**
   * Makes the caller's jobs claimable again, except those with these `seq`. For use after {@link claimJobs} has failed: its change
   * may have been stored, and no program would run the jobs.
   */
  releaseUnknownJobs(held: readonly number[]): void;
  /** @returns false when the claim is lost */
  finishJob(claim: ClaimKey, report: string): boolean;
  settleJob(claim: ClaimKey): void;
  giveUpJob(claim: ClaimKey, reason: string): void;
  /** @param due - milliseconds since 1970 */
  releaseJob(claim: ClaimKey, due: number, isReportAttempt: boolean): void;
  /** Takes over the jobs of processes that have ended. */
  takeOverJobs(): void;
  countJobs(): StoredCounts;
  listDeadJobs(): DeadRecord[];
  reviveJob(id: string): boolean;
  discardJob(id: string): boolean;
  /** Deletes finished and dead jobs that are older. @returns whether there may be more */
  cleanUpJobs(before: number): boolean;
  setEvent(id: string, content: string, ttl: number): void;
  getEvent(id: string): string | undefined;
  /** Makes the caller's remaining jobs claimable, and closes the database. */
  close(): void;
}

export type OperationName = keyof StoreOperations;

/** A message to the store's thread. */
export interface StoreRequest {
  readonly call: number;
  readonly name: OperationName;
  readonly args: readonly unknown[];
}

/** What the store's thread gets when it starts. */
export interface StoreThreadData {
  readonly folder: string;
  /** The addon of libsql. */
  readonly addon: string;
}

/** An error as it crosses the thread boundary. */
export interface StoreProblem {
  /** A code of {@link StoreError}, of SQLite or of the file system. */
  readonly code: string;
  readonly message: string;
}

/** A message from the store's thread. */
export type StoreReply =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly problem: StoreProblem };
