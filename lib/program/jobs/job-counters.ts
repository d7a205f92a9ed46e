/** Jobs, runs and reports since the program was created. */
export interface JobCounters {
  /** Jobs that were stored and acknowledged to the platform. */
  accepted: number;
  /** Repeated deliveries of known jobs. */
  duplicates: number;
  /** Jobs not accepted, because too many are pending or they could not be stored. */
  busy: number;
  /** Runs of handlers that returned a result. */
  succeeded: number;
  /** Runs of handlers that failed. */
  failed: number;
  /** Reports that the platform accepted. */
  reported: number;
  /** Reports that the platform refused permanently. */
  refused: number;
  /** Jobs that could not be reported within `jobs.reportTtl`. */
  expired: number;
  /** Failed reports that are retried. */
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
