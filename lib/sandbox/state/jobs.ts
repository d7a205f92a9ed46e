/** The interface that made a job; only the one that belongs to it may read the result. */
export type JobKind = 'async_program_task' | 'create_program_task' | 'create_model_task';

/** What a program has reported with `program_async_job_call_back`. */
export interface JobReport {
  readonly errcode: number;
  readonly result?: string;
}

/** A job in the form in which a state is saved. */
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
