import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { type Running, startChild } from './child';

/** A process of test/children/job-program.mjs. */
export class JobProgram {
  readonly #running: Running;
  readonly #port: Promise<number>;

  /** @param fileLimit - limit of the size of its files in bytes */
  constructor(env: Record<string, string>, fileLimit?: number) {
    const under = fileLimit === undefined ? [] : ['prlimit', `--fsize=${fileLimit}:`];
    this.#running = startChild('job-program.mjs', [], { env, under });
    const { stdout } = this.#running.process;
    if (stdout === null) throw new Error('no output');
    this.#port = new Promise((resolve, reject) => {
      createInterface({ input: stdout }).on('line', (line) => {
        const port = /^port (\d+)$/.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
      this.#running.ended.then(({ stderr }) => reject(new Error(`no port: ${stderr}`)), reject);
    });
    // A program that is killed before it listens is not a failure of the test.
    this.#port.catch(() => {});
  }

  /** The port, as soon as the program listens; rejects if it ends before that. */
  get port(): Promise<number> {
    return this.#port;
  }

  get pid(): number {
    const { pid } = this.#running.process;
    if (pid === undefined) throw new Error('the program could not be started');
    return pid;
  }

  kill(signal: NodeJS.Signals): void {
    this.#running.process.kill(signal);
  }

  get ended(): Running['ended'] {
    return this.#running.ended;
  }
}

/** The platform's record of a job. */
interface JobSeen {
  runs: number;
  reports: string[];
}

/** The platform's record of all jobs: how often each was started, and its reports. */
export class JobRecord {
  readonly #jobs = new Map<number, JobSeen>();
  readonly #watchers = new Set<() => void>();
  #done = 0;

  /** @param hold - awaited before the platform responds to a job's handler or report */
  constructor(
    sandbox: ZoneSandbox,
    hold: (n: number, at: 'run' | 'report') => Promise<void> | undefined = () => undefined,
  ) {
    sandbox.use('begun', async ({ n }) => {
      this.#of(Number(n)).runs += 1;
      await hold(Number(n), 'run');
      return { errcode: 0 };
    });
    sandbox.use('program_async_job_call_back', async (request, { jobInfo }) => {
      await hold(Number(jobInfo), 'report');
      const job = this.#of(Number(jobInfo));
      if (job.reports.length === 0) this.#done += 1;
      job.reports.push(JSON.stringify(request));
      for (const watcher of this.#watchers) watcher();
      return { errcode: 0, errmsg: 'ok' };
    });
  }

  #of(n: number): JobSeen {
    let job = this.#jobs.get(n);
    if (job === undefined) {
      job = { runs: 0, reports: [] };
      this.#jobs.set(n, job);
    }
    return job;
  }

  /** Jobs with a report. */
  get done(): number {
    return this.#done;
  }

  /** Fulfilled when this number of jobs has a report. */
  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#done < count) return;
        this.#watchers.delete(check);
        resolve();
      };
      this.#watchers.add(check);
      check();
    });
  }

  /** Statistics of the accepted jobs. */
  figures(accepted: ReadonlySet<number>) {
    const jobs = [...accepted].map((n) => this.#jobs.get(n) ?? { runs: 0, reports: [] });
    return {
      accepted: accepted.size,
      withoutReport: jobs.filter(({ reports }) => reports.length === 0).length,
      withDifferentReports: jobs.filter(({ reports }) => new Set(reports).size > 1).length,
      reportedAgain: jobs.filter(({ reports }) => reports.length > 1).length,
      runAgain: jobs.filter(({ runs }) => runs > 1).length,
    };
  }
}

/** Sends a job, and returns whether the program accepted it; rejects if there was no response. */
export async function isAccepted(sandbox: ZoneSandbox, n: number, more?: string): Promise<boolean> {
  const request = sandbox.wire.seal({
    isAsync: true,
    jobInfo: String(n),
    abilityId: 'job',
    data: { n, more },
  });
  const { status, outcome } = await sandbox.wire.send(request);
  return status === 200 && outcome.kind === 'response';
}

/** Sends a job until a program accepts it, as an application would after a missing response. */
export async function callUntilAccepted(sandbox: ZoneSandbox, n: number): Promise<void> {
  for (;;) {
    try {
      if (await isAccepted(sandbox, n)) return;
    } catch {
      // The program was killed, and the next one starts soon.
    }
    await pause(50);
  }
}

/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
