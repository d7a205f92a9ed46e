/** What a program has reported with `program_async_job_call_back`. */
export interface JobReport {
  readonly errcode: number;
  readonly result?: string;
}

/** A job with its report. */
export interface ReportedJob {
  readonly jobid: string;
  readonly report: JobReport;
  /** What it was started with. */
  readonly details: Readonly<Record<string, unknown>>;
}
