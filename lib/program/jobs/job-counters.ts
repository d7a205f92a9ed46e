/** Jobs, runs and reports since the program was created. */
export interface JobCounters {
  accepted: number;
  /** Delivered again by the platform, and recognised. */
  duplicates: number;
  /** Not accepted: too many are pending, or the job could not be stored. */
  busy: number;
  /** Runs of handlers that returned a result. */
  succeeded: number;
  /** Runs of handlers that failed. */
  failed: number;
  /** Reports that the platform accepted. */
  reported: number;
  /** Reports that the platform refused for good. */
  refused: number;
  /** Jobs that could not be reported within `jobs.reportTtl`. */
  expired: number;
  /** Reports that failed and are repeated. */
  retried: number;
}

export function newJobCounters(): JobCounters {
  return {
    accepted: 0,
    duplicates: 0,
    busy: 0,
    succeeded: 0,
    failed: 0,
    reported: 0,
    refused: 0,
    expired: 0,
    retried: 0,
  };
}
