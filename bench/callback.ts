/** The cost of a request through the binding, against the C++ library alone, an extension for CPython and JNI. */
import { join } from 'node:path';
import type { Figure, Options, Outcome, Table } from './run/bench';
import { buildJavaSide, buildPythonSide, compileProgram } from './run/native';
import { sealedRequests, textOf } from './run/requests';
import { inOrder, microseconds, runSide, type Sample, type Side } from './run/side';
import { median, ratios } from './run/statistics';
import type { Layout } from './sides/requests';

interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly alphabet: 'ascii' | 'mixed' | 'chinese';
  /** Of this size, before the measurement and in it. */
  readonly untimed: number;
  readonly timed: number;
}

const sizes: readonly Size[] = [
  { name: '256 B', bytes: 256, alphabet: 'ascii', untimed: 1000, timed: 8000 },
  { name: '4 KiB', bytes: 4096, alphabet: 'ascii', untimed: 500, timed: 5000 },
  { name: '64 KiB', bytes: 65536, alphabet: 'ascii', untimed: 100, timed: 1000 },
  { name: '64 KiB half Chinese', bytes: 65536, alphabet: 'mixed', untimed: 100, timed: 1000 },
  { name: '1 MiB', bytes: 2 ** 20, alphabet: 'ascii', untimed: 10, timed: 60 },
  { name: '1 MiB Chinese', bytes: 2 ** 20, alphabet: 'chinese', untimed: 10, timed: 60 },
];

const layouts: readonly Layout[] = ['own', 'chunks'];
const titles = {
  own: 'callback, bodies in memory of their own',
  chunks: 'callback, bodies as a socket delivers them: slices of 64 KiB chunks at odd addresses',
};

export async function run(options: Options): Promise<Outcome> {
  const { sides, skipped } = buildSides();
  const { env, write, close } = await sealedRequests(options.folder);
  const figures: Figure[] = [];
  const rows: Record<Layout, string[][]> = { own: [], chunks: [] };
  try {
    // Every kind of text, so that the compilers of Node.js and Java see all of them before anything is timed.
    const warmUp = write('warm-up', 4000, textOf(4096, 'mixed'));
    for (const size of sizes) {
      const timed = Math.ceil(size.timed / (options.quick ? 4 : 1));
      const file = write('requests', size.untimed + timed, textOf(size.bytes, size.alphabet));
      for (const layout of layouts) {
        options.progress(`callback, ${size.name}, ${layout}`);
        const args = [warmUp, file, layout, String(size.untimed)];
        const samples = await measure(sides, args, env, options.rounds);
        figures.push(...compare(`${layout}/${size.name}`, samples));
        rows[layout].push([size.name, ...sides.map(({ name }) => cell(samples, name))]);
      }
    }
  } finally {
    await close();
  }
  const tables = layouts.map(
    (layout): Table => ({
      title: `${titles[layout]}; µs for a request (ratio to C++; ratio of CPU time; page faults for a request)`,
      columns: ['payload', ...sides.map(({ name }) => name)],
      rows: rows[layout],
    }),
  );
  const missing = sides.some(({ name }) => name === PYTHON) ? [] : [new RegExp(`/${PYTHON}$`)];
  return { figures, tables, skipped, skippedFigures: missing };
}

const CPP = 'C++';
const PYTHON = 'CPython';
const NODE = 'this package';

function buildSides(): { sides: Side[]; skipped: string[] } {
  const sides: Side[] = [{ name: CPP, command: compileProgram('callback'), args: [] }];
  const skipped: string[] = [];
  for (const [name, built] of [
    [PYTHON, buildPythonSide()],
    ['JNI', buildJavaSide()],
  ] as const) {
    if (typeof built === 'string') skipped.push(`callback: ${name} was not measured: ${built}`);
    else sides.push({ name, ...built });
  }
  const script = join(__dirname, 'sides', 'callback.js');
  sides.push({ name: NODE, command: process.execPath, args: [script] });
  return { sides, skipped };
}

type Samples = ReadonlyMap<string, readonly Sample[]>;

async function measure(
  sides: readonly Side[],
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  rounds: number,
): Promise<Samples> {
  const samples = new Map<string, Sample[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const side of inOrder(sides, round)) {
      samples.get(side.name)?.push(await runSide(side, args, env));
    }
  }
  const checks = new Set([...samples.values()].flat().map(({ check }) => check));
  if (checks.size !== 1) throw new Error(`the sides read different values: ${[...checks]}`);
  return samples;
}

function times(samples: Samples, side: string): number[] {
  return (samples.get(side) ?? []).map(microseconds);
}

function cpuTimes(samples: Samples, side: string): number[] {
  return (samples.get(side) ?? []).map(({ cpu, requests }) => cpu / requests);
}

function compare(name: string, samples: Samples): Figure[] {
  const node = times(samples, NODE);
  const figures = [CPP, PYTHON]
    .filter((side) => samples.has(side))
    .map((side) => ({
      name: `${name}/${side}`,
      values: ratios(node, times(samples, side)),
      unit: '',
    }));
  const values = ratios(cpuTimes(samples, NODE), cpuTimes(samples, CPP));
  return [...figures, { name: `${name}/C++, CPU time of all threads`, values, unit: '' }];
}

function cell(samples: Samples, side: string): string {
  const faults = median((samples.get(side) ?? []).map(({ faults, requests }) => faults / requests));
  const time = times(samples, side);
  const ratio = median(ratios(time, times(samples, CPP)));
  const cpu = median(ratios(cpuTimes(samples, side), cpuTimes(samples, CPP)));
  const own = median(time);
  return `${own.toFixed(own < 1000 ? 1 : 0)} (${ratio.toFixed(2)}; ${cpu.toFixed(2)}; ${faults.toFixed(1)})`;
}
