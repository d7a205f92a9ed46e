/** The interface that created a job; only its counterpart can read the result. */
export type JobKind = 'async_program_task' | 'create_program_task' | 'create_model_task';

/** The report of a program, `program_async_job_call_back`. */
export interface JobReport {
  readonly errcode: number;
  readonly result?: string;
}

/** A job as the saved state contains it. */
export interface SavedJob {
  readonly jobid: string;
  readonly jobInfo: string;
  readonly kind: JobKind;
  readonly abilityId: string;
  readonly corpId: string;
  readonly agentId: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly report?: JobReport;
}
