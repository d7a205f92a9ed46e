/** 64 calls in flight against a slow platform: their rate, what they cost, and what they do to the rest of the program. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Figure, Options, Outcome } from './run/bench';
import { compileProgram } from './run/native';
import { inOrder, runSide, type Side } from './run/side';
import { median, ratios } from './run/statistics';
import type { CallFigures } from './sides/invoke';

const THREADS = 64;
const DELAY_MS = 100;
const QUEUED = 10_000;

interface Pool {
  readonly rate: number;
  readonly cpu: number;
}

export async function run(options: Options): Promise<Outcome> {
  const script = join(__dirname, 'sides', 'invoke.js');
  const node = { name: 'this package', command: process.execPath, args: ['--expose-gc', script] };
  const pool = { name: 'C++', command: compileProgram('invoke_pool'), args: [] };
  const calls = THREADS * (options.quick ? 10 : 40);
  const nodes: CallFigures[] = [];
  const pools: Pool[] = [];
  const queues: number[] = [];
  const holds: number[] = [];

  const slow = await startPlatform(DELAY_MS);
  for (let round = 0; round < options.rounds; round += 1) {
    options.progress(`invoke, round ${round + 1}`);
    for (const side of inOrder<Side>([pool, node], round)) {
      const numbers = [String(THREADS), String(calls)];
      if (side === pool) pools.push(await runSide(pool, numbers, slow.env));
      else nodes.push(await runSide(node, ['calls', ...numbers], slow.env));
    }
    const { bytes } = await runSide<{ bytes: number }>(node, ['queue', String(QUEUED)], slow.env);
    queues.push(bytes);
  }
  await slow.stop();

  const fast = await startPlatform(0);
  for (let round = 0; round < options.rounds; round += 1) {
    options.progress(`invoke, 1 MiB, round ${round + 1}`);
    const { hold } = await runSide<{ hold: number }>(node, ['large', '20'], fast.env);
    holds.push(hold);
  }
  await fast.stop();

  const ideal = THREADS / (DELAY_MS / 1000);
  const cpu = ratios(
    nodes.map((one) => one.cpu),
    pools.map((one) => one.cpu),
  );
  const figures: Figure[] = [
    { name: 'rate, of the ideal', values: nodes.map(({ rate }) => rate / ideal), unit: '' },
    { name: 'event loop p99', values: nodes.map(({ loop }) => loop), unit: 'ms' },
    { name: 'fs.stat p99', values: nodes.map((one) => one.stat), unit: 'ms' },
    { name: 'CPU for a call, to a C++ thread pool', values: cpu, unit: '' },
    { name: 'memory of a queued call', values: queues, unit: 'bytes' },
    { name: 'main thread held by 1 MiB of Chinese JSON', values: holds, unit: 'ms' },
  ];
  const of = (value: (one: CallFigures) => number) => median(nodes.map(value)).toFixed(2);
  const table = {
    title: `invoke, ${THREADS} calls in flight, the platform responds after ${DELAY_MS} ms (ideal: ${ideal} calls/s)`,
    columns: ['', 'C++ thread pool', 'this package'],
    rows: [
      ['calls/s', median(pools.map(({ rate }) => rate)).toFixed(0), of((one) => one.rate)],
      ['CPU µs for a call', median(pools.map((one) => one.cpu)).toFixed(0), of((one) => one.cpu)],
      [
        'delay of a timer, p99, ms (without calls)',
        '',
        `${of((one) => one.loop)} (${of((one) => one.idleLoop)})`,
      ],
      [
        'fs.stat, p99, ms (without calls)',
        '',
        `${of((one) => one.stat)} (${of((one) => one.idleStat)})`,
      ],
    ],
  };
  return { figures, tables: [table] };
}

async function startPlatform(delay: number) {
  const child: ChildProcess = fork(join(__dirname, 'sides', 'platform.js'), [String(delay)]);
  const [env] = (await once(child, 'message')) as [Record<string, string>];
  return {
    env,
    async stop(): Promise<void> {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
