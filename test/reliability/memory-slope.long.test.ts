import { ZoneSandbox } from 'wework-spec-sdk/sandbox';
import { node, root, startProgram } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { tempDirs } from '../support/temp-dir';

// Memory after a collection over many operations, in a process each; scripts/test-memory sets how many.

const OPERATIONS = Number(process.env.WEWORK_SPEC_MEMORY_OPERATIONS || 4000);
const newDir = tempDirs();
jest.setTimeout(3_600_000);

/** A slope of so many bytes per operation would be a leak: no operation allocates less. */
const LEAK = 16;
/** By how much the memory of a process differs between two samples without any leak. */
const NOISE: Readonly<Record<string, number>> = {
  rss: 6 * 1024 * 1024,
  heapUsed: 512 * 1024,
  external: 512 * 1024,
};

/** Case of test/children/memory-slope.mjs, and for how many of the operations one of it counts. */
const cases: readonly (readonly [name: string, cost: number])[] = [
  ['callback with a response', 1],
  ['callback without a response', 1],
  ['refused callback', 1],
  ['Invoke with a result', 1],
  ['Invoke that fails', 1],
  ['log', 1],
  ['program started and stopped', 40],
];

type Sample = readonly [operations: number, rss: number, heapUsed: number, external: number];

const table: string[] = [];
afterAll(() => {
  process.stdout.write(`memory, bytes per operation:\n${table.join('\n')}\n`);
});

/** The median of the slopes between all pairs of samples: a single one that is off does not change it. */
function slopeOf(samples: readonly Sample[], column: 1 | 2 | 3): number {
  const slopes = samples
    .flatMap((a, i) => samples.slice(i + 1).map((b) => (b[column] - a[column]) / (b[0] - a[0])))
    .sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] as number;
}

test.each(cases)('%s: memory does not grow with the number', async (name, cost) => {
  const sandbox = await ZoneSandbox.start();
  onTestEnd(() => sandbox.stop());
  sandbox.use('echo', (request) => request);
  const operations = OPERATIONS / cost;
  const file = `${root}/test/children/memory-slope.mjs`;
  const { code, stdout, stderr } = await startProgram(
    node,
    ['--expose-gc', file, name, String(operations)],
    {
      timeout: 3_600_000,
      env: {
        ...sandbox.env,
        DATA_DIR: newDir(),
        WEWORK_SPEC_SANDBOX_LOG_FILE: '/dev/null',
        WEWORK_SPEC_SANDBOX_LOG_COLLECT: '',
      },
    },
  ).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { samples, left } = JSON.parse(stdout) as { samples: Sample[]; left: number };
  // The first ones show what is loaded, compiled and pooled once.
  const settled = samples.slice(samples.length / 4);
  const spread = operations / 2;
  const slopes = { rss: 1, heapUsed: 2, external: 3 } as const;
  const row = Object.entries(slopes).map(([kind, column]) => {
    const limit = LEAK * cost + (NOISE[kind] ?? 0) / spread;
    return { kind, slope: slopeOf(settled, column), limit };
  });
  table.push(
    [
      name.padEnd(30),
      String(operations).padStart(7),
      ...row.map(({ kind, slope, limit }) => `${kind} ${slope.toFixed(1)} of ${limit.toFixed(0)}`),
    ].join('  '),
  );
  for (const { kind, slope, limit } of row) {
    expect({ kind, slope, isLeak: slope > limit }).toEqual({ kind, slope, isLeak: false });
  }
  expect(left).toBe(0);
});
