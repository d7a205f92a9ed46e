import { randomBytes } from 'node:crypto';
import type { SandboxClock } from '../../common/clock';
import { DataStore, setBounded } from '../../state/store';

const CODE_MS = 5 * 60_000;
const RESULT_MS = 14 * 86_400_000;
const KEPT = 1000;

/** A code of the display component's export button. */
export interface ExportCode {
  /** The messages to export. */
  readonly msgids: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** An export job. */
export interface ExportJob {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When the export is done, in milliseconds since 1970. */
  readonly doneAt: number;
  /** `result_id` of `get_chatdata_export_job_status`. */
  readonly resultId: string;
  /** The exported text. */
  readonly text: string;
}

/** Saved data of {@link ExportStore}. */
export interface ExportData {
  /** Number of the last jobid. */
  serial: number;
  /** Unused codes. */
  readonly codes: Map<string, ExportCode>;
  /** Jobs by jobid. */
  readonly jobs: Map<string, ExportJob>;
}

/** Export codes and export jobs; the 1000 newest of each. */
export class ExportStore extends DataStore<ExportData> {
  readonly #clock: SandboxClock;

  constructor(clock: SandboxClock) {
    super({ serial: 0, codes: new Map(), jobs: new Map() });
    this.#clock = clock;
  }

  /** Issues a code as the export button of the display component does. It can be used once, within 5 minutes. */
  issueCode(msgids: readonly string[]): string {
    const code = `code-${randomBytes(16).toString('hex')}`;
    const expiresAt = this.#clock.now() + CODE_MS;
    setBounded(this.data.codes, code, { msgids: [...msgids], expiresAt }, KEPT);
    return code;
  }

  /** Uses a code: returns it if it is valid, and invalidates it. */
  takeCode(code: string): ExportCode | undefined {
    const found = this.data.codes.get(code);
    this.data.codes.delete(code);
    return found !== undefined && this.#clock.now() <= found.expiresAt ? found : undefined;
  }

  /** Adds a job, and returns its jobid. */
  addJob(job: Omit<ExportJob, 'resultId'>): string {
    this.data.serial += 1;
    const jobid = `export-${this.data.serial}`;
    setBounded(this.data.jobs, jobid, { ...job, resultId: `result-${jobid}` }, KEPT);
    return jobid;
  }

  /** The job with this jobid. */
  job(jobid: string): ExportJob | undefined {
    return this.data.jobs.get(jobid);
  }

  /** The text of an exported file by its result_id, as the component ww-open-result-link shows it; available for 14 days. */
  result(resultId: string): string | undefined {
    const now = this.#clock.now();
    for (const job of this.data.jobs.values()) {
      if (job.resultId === resultId && job.doneAt <= now && now <= job.doneAt + RESULT_MS) {
        return job.text;
      }
    }
    return undefined;
  }
}
