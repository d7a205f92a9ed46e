/** How requests, memory, jobs and the time to start grow with processes and stored jobs. Writes a plot to out/bench/scale.svg. */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { serve } from './http';
import type { Figure, Options, Outcome, Table } from './run/bench';
import { acceptJobs, endProgram, folderWithJobs, startProgram, startRedis } from './run/jobs';
import { compileProgram } from './run/native';
import { type Curve, plot } from './run/plot';
import { sealedRequests, textOf } from './run/requests';
import { inOrder, root } from './run/side';
import { median, ratios, summarize } from './run/statistics';

const PROCESSES = [1, 2, 4] as const;
const CONNECTIONS = 64;

/** The values of the rounds by the number of processes. */
type ByProcesses = ReadonlyMap<number, number[]>;

function noValues(): ByProcesses {
  return new Map(PROCESSES.map((count) => [count, []]));
}

export async function run(options: Options): Promise<Outcome> {
  const { requests, memory } = await measureRequests(options);
  const measured = new Map<string, ByProcesses>([
    [`requests/s, ${CONNECTIONS} connections, 4 KiB`, requests],
    ['resident memory of all, MiB', memory],
  ]);
  const skipped: string[] = [];
  const sandbox = await ZoneSandbox.start();
  const starts: Table[] = [];
  try {
    const jobs = options.quick ? 100 : 500;
    measured.set('jobs/s, embedded store', await measureStore(options, sandbox, jobs));
    const redis = await measureRedis(options, sandbox, jobs);
    if (redis === undefined) skipped.push('scale: no redis-server (Debian: redis-server)');
    else measured.set('jobs/s, Redis', redis);
    starts.push(await measureStarts(options, sandbox));
  } finally {
    await sandbox.stop();
  }
  const curves = [...measured].map(([title, values]): Curve => {
    const points = [...values].map(([x, list]) => ({ x, ...summarize(list) }));
    return { title, points };
  });
  const file = join(root, 'out', 'bench', 'scale.svg');
  writeFileSync(file, plot(curves, 'processes'));
  const table: Table = {
    title: 'scale, median (smallest to largest) of the rounds; the plot is out/bench/scale.svg',
    columns: ['', ...PROCESSES.map((count) => `${count} ${count === 1 ? 'process' : 'processes'}`)],
    rows: [...measured].map(([title, values]) => [title, ...[...values.values()].map(spread)]),
  };
  return { figures: [...measured].flatMap(toOne), tables: [table, ...starts], skipped };
}

function spread(values: readonly number[]): string {
  const { median, min, max } = summarize(values);
  return `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;
}

/** Ratios to one process. */
function toOne([title, values]: readonly [string, ByProcesses]): Figure[] {
  const one = values.get(1) as number[];
  return [2, 4].map((count) => ({
    name: `${title}: ${count} processes to 1`,
    values: ratios(values.get(count) as number[], one),
    unit: '',
  }));
}

async function measureRequests(options: Options) {
  const load = compileProgram('http_load');
  const { env, write, close } = await sealedRequests(options.folder);
  const requests = noValues();
  const memory = noValues();
  try {
    const untimed = 4000;
    const timed = options.quick ? 4000 : 12_000;
    const file = write('requests', untimed + timed, textOf(4096, 'ascii'));
    for (let round = 0; round < options.rounds; round += 1) {
      options.progress(`scale, requests, round ${round + 1}`);
      for (const processes of inOrder(PROCESSES, round)) {
        const server = ['cluster.js', String(processes), 'program', 'json'] as const;
        const served = await serve({ server, env, load, file, untimed, connections: CONNECTIONS });
        requests.get(processes)?.push((served.requests / served.wall) * 1e6);
        memory.get(processes)?.push(served.rss / 2 ** 20);
      }
    }
  } finally {
    await close();
  }
  return { requests, memory };
}

async function measureStore(options: Options, sandbox: ZoneSandbox, jobs: number) {
  const rates = noValues();
  for (let round = 0; round < options.rounds; round += 1) {
    options.progress(`scale, jobs in the embedded store, round ${round + 1}`);
    for (const processes of inOrder(PROCESSES, round)) {
      const dataDir = join(options.folder, 'store');
      mkdirSync(dataDir);
      rates.get(processes)?.push(await acceptJobs(sandbox, { DATA_DIR: dataDir }, processes, jobs));
      rmSync(dataDir, { recursive: true });
    }
  }
  return rates;
}

async function measureRedis(options: Options, sandbox: ZoneSandbox, jobs: number) {
  const rates = noValues();
  const dataDir = join(options.folder, 'events');
  mkdirSync(dataDir);
  for (let round = 0; round < options.rounds; round += 1) {
    options.progress(`scale, jobs in Redis, round ${round + 1}`);
    for (const processes of inOrder(PROCESSES, round)) {
      const redis = await startRedis(join(options.folder, 'redis'));
      if (redis === undefined) return undefined;
      const settings = { DATA_DIR: dataDir, REDIS_PORT: String(redis.port) };
      rates.get(processes)?.push(await acceptJobs(sandbox, settings, processes, jobs));
      await redis.stop();
    }
  }
  return rates;
}

async function measureStarts(options: Options, sandbox: ZoneSandbox): Promise<Table> {
  const rows: string[][] = [];
  for (const count of options.quick ? [0, 100_000] : [0, 1_000_000, 3_000_000]) {
    options.progress(`scale, start with ${count} finished jobs`);
    const dataDir = join(options.folder, 'finished');
    await folderWithJobs(sandbox, dataDir, count);
    const elapsed: number[] = [];
    const rss: number[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      const program = await startProgram(sandbox, { DATA_DIR: dataDir });
      elapsed.push(program.elapsed);
      rss.push(program.rss / 2 ** 20);
      await endProgram(program);
    }
    const bytes = statSync(join(dataDir, 'store.db')).size;
    rows.push([
      String(count),
      (bytes / 2 ** 20).toFixed(0),
      spread(elapsed),
      median(rss).toFixed(0),
    ]);
    rmSync(dataDir, { recursive: true });
  }
  return {
    title: 'scale, start of a program on a folder with finished jobs',
    columns: ['finished jobs', 'MiB on the disk', 'ms until it listens', 'MiB resident'],
    rows,
  };
}
