/** Programs with asynchronous jobs, and the jobs that they accept. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import type { Started } from '../sides/job-program';
import { root, sideEnvironment } from './side';

const SENDERS = 16;

interface Program extends Started {
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process until it listens. */
  readonly elapsed: number;
}

/** Starts a program, and waits until it listens. */
export async function startProgram(
  sandbox: ZoneSandbox,
  settings: Readonly<Record<string, string>>,
): Promise<Program> {
  const began = performance.now();
  const child = fork(join(__dirname, '..', 'sides', 'job-program.js'), {
    env: sideEnvironment({
      ...sandbox.env,
      ...settings,
      WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
    }),
  });
  const [started] = (await once(child, 'message')) as [Started];
  return { child, ...started, elapsed: performance.now() - began };
}

export async function endProgram({ child }: Program): Promise<void> {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

/** Has new programs accept jobs from 16 senders. @returns jobs per second */
export async function acceptJobs(
  sandbox: ZoneSandbox,
  settings: Readonly<Record<string, string>>,
  processes: number,
  jobs: number,
): Promise<number> {
  const programs = await Promise.all(
    Array.from({ length: processes }, () => startProgram(sandbox, settings)),
  );
  let next = 0;
  const run = `${Date.now()}`;
  const began = performance.now();
  const send = async (): Promise<void> => {
    for (let n = next++; n < jobs; n = next++) {
      const { port } = programs[n % processes] as Program;
      sandbox.programs.address = `http://127.0.0.1:${port}`;
      const request = { isAsync: true, jobInfo: `${run}-${n}`, abilityId: 'job', data: { n } };
      const { status } = await sandbox.wire.send(sandbox.wire.seal(request));
      if (status !== 200) throw new Error(`job ${n}: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(programs.map(endProgram));
  return jobs / seconds;
}

/** A folder of a program, with this many finished jobs. They are written into the database directly: accepting them would take hours. */
export async function folderWithJobs(
  sandbox: ZoneSandbox,
  dataDir: string,
  count: number,
): Promise<void> {
  mkdirSync(dataDir);
  await acceptJobs(sandbox, { DATA_DIR: dataDir }, 1, 1);
  const require_ = createRequire(__filename);
  const built = (name: string) => require_(join(root, 'dist', 'program', 'store', `${name}.js`));
  const { Connection, loadAddon } = built('sqlite') as {
    Connection: new (
      path: string,
      timeout: number,
    ) => { execute(sql: string): void; close(): void };
    loadAddon(file: string): void;
  };
  loadAddon(built('store-files').storeFiles().addon);
  const database = new Connection(join(dataDir, 'store.db'), 10_000);
  // Ids of 32 digits at random, as those of jobs are; sorted, so that they are inserted fast.
  database.execute(
    `INSERT INTO finished WITH RECURSIVE numbers (n) AS (
        SELECT 1 WHERE ${count} > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}
      )
      SELECT lower(hex(randomblob(16))) AS id, ${Date.now()} - n FROM numbers ORDER BY id`,
  );
  database.close();
}

/** A redis-server that syncs each change to the folder before it acknowledges it; undefined if it is not installed. */
export async function startRedis(
  folder: string,
): Promise<{ readonly port: number; stop(): Promise<void> } | undefined> {
  mkdirSync(folder);
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];
  const redis = spawn('redis-server', ['--port', String(port), ...options, ...durable], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const missing = once(redis, 'error').then(() => 'missing');
  const ready = (async () => {
    for await (const line of createInterface({ input: redis.stdout })) {
      if (line.includes('Ready to accept connections')) break;
    }
  })();
  if ((await Promise.race([missing, ready])) === 'missing') return undefined;
  redis.stdout.resume();
  return {
    port,
    async stop() {
      const ended = once(redis, 'exit');
      redis.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
