import { tracingChannel } from 'node:diagnostics_channel';
import { backoff } from '../../common/backoff';
import { errorForLog } from '../../common/error-for-log';
import { amend, traced } from '../../sdk/channels';
import { ZoneApiError } from '../../zone/errors';
import type { RetryPolicy } from '../../zone/options';
import { ZoneClient, type ZoneClientSettings } from '../../zone/zone-client';
import { type ProgramLog, programLog } from '../observe/log';
import { scope } from '../observe/scope';
import type { JobCounters } from './job-counters';
import type { AcceptedJob, ClaimedJob, JobReport, JobSettlement } from './job-queue';

/** Message of the channels `wework-spec-sdk:job`; contains neither data nor result. */
export interface JobTrace {
  /** The {@link AcceptedJob.id}. */
  readonly jobId: string;
  /** The id of the job's request in log records. */
  readonly requestId: string;
  /** The ability that was called. */
  readonly abilityId: string;
  /** `run`: the handler; `report`: one call of `program_async_job_call_back`. */
  readonly phase: 'run' | 'report';
  /** Number of the run or report of this job, from 1. */
  readonly attempt: number;
  /** The errcode of the job, or of the platform's response to the report; undefined until it is known. */
  errcode?: number | undefined;
}

/** The channels `tracing:wework-spec-sdk:job:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
const jobChannel = tracingChannel<object, object>('wework-spec-sdk:job');

/** Unknown errcodes are retried as if temporary, up to this number of reports. */
const REPORTS_FOR_UNKNOWN_ERRCODE = 10;

/** The parts of the program that the runner uses. */
export interface JobRunnerOptions {
  /** Runs the handler. Never rejects; fulfilled with undefined if the program is closing. */
  readonly run: (claimed: ClaimedJob) => Promise<JobReport | undefined>;
  /** Identity of the program, see {@link scope}. */
  readonly program: object;
  /** Aborted when the time for the shutdown is over. */
  readonly stopped: AbortSignal;
  /** Pauses between the reports of a job. */
  readonly retry: RetryPolicy;
  /** Milliseconds after its acceptance during which a job is reported. */
  readonly reportTtl: number;
  readonly zone: ZoneClientSettings;
  readonly counters: JobCounters;
}

/** Processes claimed jobs: runs the handler, stores the report, sends it. */
export class JobRunner {
  readonly #options: JobRunnerOptions;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Processes one claim. Never rejects. */
  async work(claimed: ClaimedJob): Promise<JobSettlement> {
    try {
      let { report } = claimed;
      if (report === undefined) {
        await claimed.begin();
        const result = await this.#run(claimed);
        if (result === undefined) return { kind: 'released' };
        report = await claimed.finish(result);
        // Another process has taken over the job, and reports its own result.
        if (report === undefined) return { kind: 'released' };
      }
      return await this.#report(claimed, report);
    } catch (error) {
      // The queue could not store a change; the next attempt continues from the stored state.
      logOf(claimed.job).error('job %s: %s', claimed.job.abilityId, errorForLog(error));
      return { kind: 'retry', delay: backoff(this.#options.retry, claimed.reportAttempts) };
    }
  }

  async #run(claimed: ClaimedJob): Promise<JobReport | undefined> {
    const trace = traceOf(claimed.job, 'run', claimed.runAttempts + 1);
    return traced(jobChannel, trace, async () => {
      const report = await this.#options.run(claimed);
      amend(trace, { errcode: report?.errcode });
      if (report !== undefined)
        this.#options.counters[report.errcode === 0 ? 'succeeded' : 'failed'] += 1;
      return report;
    });
  }

  async #report(claimed: ClaimedJob, report: JobReport): Promise<JobSettlement> {
    const { job, reportAttempts } = claimed;
    const log = logOf(job);
    try {
      const trace = traceOf(job, 'report', reportAttempts + 1);
      await traced(jobChannel, trace, () =>
        scope.run({ program: this.#options.program, requestId: job.requestId }, async () => {
          const zone = new ZoneClient({
            ...this.#options.zone,
            corpId: job.corpId,
            agentId: job.agentId,
            abilityId: job.abilityId,
            jobInfo: job.jobInfo,
            // The queue retries instead, even after a restart.
            retry: false,
          });
          try {
            await zone.program_async_job_call_back(report, { signal: this.#options.stopped });
            amend(trace, { errcode: 0 });
          } catch (error) {
            if (error instanceof ZoneApiError) amend(trace, { errcode: error.errcode });
            throw error;
          }
        }),
      );
      this.#options.counters.reported += 1;
      return { kind: 'reported' };
    } catch (error) {
      if (this.#options.stopped.aborted) return { kind: 'released' };
      const isLate = Date.now() - job.acceptedAt > this.#options.reportTtl;
      if (!isLate && !isFinal(error, reportAttempts)) {
        this.#options.counters.retried += 1;
        const delay = backoff(this.#options.retry, reportAttempts);
        log.info('report of %s failed, retry in %d ms: %s', job.abilityId, delay, brief(error));
        return { kind: 'retry', delay };
      }
      this.#options.counters[isLate ? 'expired' : 'refused'] += 1;
      const words = brief(error);
      const reason = isLate ? `not reported within jobs.reportTtl: ${words}` : `refused: ${words}`;
      log.error('report of %s %s', job.abilityId, reason);
      return { kind: 'dead', reason };
    }
  }
}

function logOf(job: AcceptedJob): ProgramLog {
  return programLog(() => job.requestId);
}

function traceOf(job: AcceptedJob, phase: JobTrace['phase'], attempt: number): JobTrace {
  const { id: jobId, requestId, abilityId } = job;
  return { jobId, requestId, abilityId, phase, attempt };
}

/** Whether the platform will never accept the report. */
function isFinal(error: unknown, reportAttempts: number): boolean {
  if (error instanceof ZoneApiError) {
    const isKnown = error.meaning !== undefined;
    return isKnown ? error.retry === 'no' : reportAttempts + 1 >= REPORTS_FOR_UNKNOWN_ERRCODE;
  }
  // Retrying does not help if an argument is invalid.
  return error instanceof TypeError || error instanceof RangeError;
}

function brief(error: unknown): string {
  if (error instanceof ZoneApiError) return `errcode ${error.errcode}`;
  return error instanceof Error && 'ret' in error ? `ret ${error.ret}` : errorForLog(error);
}
