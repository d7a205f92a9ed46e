/**
 * The store of jobs: how long a program takes to start on a folder with many finished jobs, and how many jobs one, two and four
 * processes accept in a second when they share a folder.
 *
 * npm run --silent build:examples && node out/bench/store-start.js [folder, on the disk to measure] [finished jobs …]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ZoneProgram } from 'wework-spec-sdk';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';

const [parent = tmpdir(), ...numbers] = process.argv.slice(2);
const finishedJobs = numbers.length > 0 ? numbers.map(Number) : [0, 500_000, 3_000_000];
const STARTS = 3;
const SENDERS = 16;
const JOBS = 2000;

if (process.send) void program();
else void main();

/** What a program sends when it listens. */
interface Started {
  readonly port: number;
  readonly rss: number;
}

async function program(): Promise<void> {
  const served = new ZoneProgram({ dataDir: process.env.DATA_DIR as string });
  served.ability('job', () => ({}));
  const { port } = await served.listen({ port: 0, host: '127.0.0.1' });
  process.send?.({ port, rss: process.memoryUsage().rss } satisfies Started);
  process.once('disconnect', () => process.exit());
}

async function main(): Promise<void> {
  const sandbox = await ZoneSandbox.start();
  const folder = mkdtempSync(join(parent, 'wework-spec-bench-'));
  try {
    for (const count of finishedJobs)
      await measureStart(sandbox, join(folder, String(count)), count);
    for (const processes of [1, 2, 4]) {
      await measureAccepting(sandbox, join(folder, `shared-${processes}`), processes);
    }
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Starts a program, and waits until it listens. */
async function start(sandbox: ZoneSandbox, dataDir: string) {
  const began = performance.now();
  const env = {
    ...process.env,
    ...sandbox.env,
    DATA_DIR: dataDir,
    WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
  };
  const child: ChildProcess = fork(__filename, { env });
  const [started] = (await once(child, 'message')) as [Started];
  return { child, ...started, elapsed: performance.now() - began };
}

async function measureStart(sandbox: ZoneSandbox, dataDir: string, count: number): Promise<void> {
  mkdirSync(dataDir);
  await acceptJobs(sandbox, dataDir, 1, 1);
  addFinishedJobs(join(dataDir, 'store.db'), count);
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const size = megabytes(statSync(join(dataDir, 'store.db')).size);
  const results: string[] = [];
  for (let i = 0; i < STARTS; i += 1) {
    const { child, elapsed, rss } = await start(sandbox, dataDir);
    results.push(`${elapsed.toFixed(0)} ms, ${megabytes(rss)}`);
    await end(child);
  }
  console.log(`${count} finished jobs (${size}): port open after, RSS: ${results.join('; ')}`);
  rmSync(dataDir, { recursive: true });
}

/** Writes into the database directly, because that many jobs take hours otherwise. */
function addFinishedJobs(path: string, count: number): void {
  const require_ = createRequire(__filename);
  const { Connection, loadAddon } = require_('../../dist/program/store/sqlite.js') as {
    Connection: new (
      path: string,
      timeout: number,
    ) => { execute(sql: string): void; close(): void };
    loadAddon(file: string): void;
  };
  loadAddon(require_('../../dist/program/store/store-files.js').storeFiles().addon);
  const database = new Connection(path, 10_000);
  // Ids of 32 digits at random, as those of jobs are; sorted, so that they are inserted fast.
  database.execute(
    `INSERT INTO finished WITH RECURSIVE numbers (n) AS (
        SELECT 1 WHERE ${count} > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}
      )
      SELECT lower(hex(randomblob(16))) AS id, ${Date.now()} - n FROM numbers ORDER BY id`,
  );
  database.close();
}

/** Has programs on one folder accept jobs. @returns jobs in a second */
async function acceptJobs(
  sandbox: ZoneSandbox,
  dataDir: string,
  processes: number,
  jobs: number,
): Promise<number> {
  const programs = await Promise.all(
    Array.from({ length: processes }, () => start(sandbox, dataDir)),
  );
  let next = 0;
  const began = performance.now();
  const send = async (): Promise<void> => {
    for (let n = next++; n < jobs; n = next++) {
      const { port } = programs[n % processes] as { port: number };
      sandbox.programs.address = `http://127.0.0.1:${port}`;
      const request = { isAsync: true, jobInfo: `job-${n}`, abilityId: 'job', data: { n } };
      const { status } = await sandbox.wire.send(sandbox.wire.seal(request));
      if (status !== 200) throw new Error(`job ${n}: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(programs.map(({ child }) => end(child)));
  return jobs / seconds;
}

async function measureAccepting(
  sandbox: ZoneSandbox,
  dataDir: string,
  processes: number,
): Promise<void> {
  mkdirSync(dataDir);
  const rate = await acceptJobs(sandbox, dataDir, processes, JOBS);
  console.log(
    `${processes} processes, ${SENDERS} senders: ${rate.toFixed(0)} jobs accepted a second`,
  );
  rmSync(dataDir, { recursive: true });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
