import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  compileFaults,
  FOLDER,
  KINDS,
  newRoot,
  type Plan,
  type Remains,
  runScript,
  type Script,
  Verifier,
} from '../io-faults/driver';
import { cutOff, type Entry, outputUntil, readRecord, type Survival } from '../io-faults/power-cut';
import { runChild } from '../support/child';
import { onTestEnd } from '../support/clean-up';
import { randomFrom } from '../support/job-fault';
import { tempDirs } from '../support/temp-dir';

// The store's calls of the file system fail one after another, and the power fails between any two of them. The short form tries a
// sample that a seed gives (WEWORK_SPEC_TEST_SEED repeats it); scripts/test-io-faults tries all, by WEWORK_SPEC_IO_FAULTS.

const { WEWORK_SPEC_IO_FAULTS: whole } = process.env;
const isWhole = whole !== undefined && whole !== '';
const seed = Number(process.env.WEWORK_SPEC_TEST_SEED || Date.now() % 1_000_000);
const random = randomFrom(seed);
const newDir = tempDirs();
const scripts: readonly Script[] = ['alone', 'shared'];
jest.setTimeout(isWhole ? 8 * 3_600_000 : 300_000);

/** `every`: of the calls, the whole run lets every so-manieth fail; `sample`: so many calls are tried in the short form. */
interface Fault extends Omit<Plan, 'first'> {
  readonly every: number;
  readonly sample: number;
}

const faults: readonly Fault[] = [
  { kind: 'write', action: 'ENOSPC', count: 1, every: 1, sample: 4 },
  { kind: 'write', action: 'ENOSPC', count: 3, every: 5, sample: 1 },
  { kind: 'write', action: 'ENOSPC', count: 0, every: 5, sample: 1 },
  { kind: 'write', action: 'EIO', count: 1, every: 1, sample: 3 },
  { kind: 'write', action: 'EIO', count: 0, every: 5, sample: 1 },
  { kind: 'write', action: 'short', count: 1, every: 1, sample: 2 },
  { kind: 'write', action: 'full', count: 2, every: 1, sample: 2 },
  { kind: 'sync', action: 'EIO', count: 1, every: 1, sample: 4 },
  { kind: 'sync', action: 'EIO', count: 3, every: 1, sample: 1 },
  { kind: 'sync', action: 'EIO', count: 0, every: 1, sample: 1 },
  { kind: 'sync', action: 'ENOSPC', count: 1, every: 1, sample: 1 },
  { kind: 'truncate', action: 'EIO', count: 1, every: 1, sample: 3 },
  { kind: 'truncate', action: 'EIO', count: 3, every: 1, sample: 1 },
  { kind: 'truncate', action: 'EIO', count: 0, every: 1, sample: 1 },
  { kind: 'open', action: 'EMFILE', count: 1, every: 1, sample: 3 },
  { kind: 'open', action: 'EMFILE', count: 3, every: 1, sample: 1 },
  { kind: 'open', action: 'EMFILE', count: 0, every: 1, sample: 1 },
  { kind: 'open', action: 'EIO', count: 1, every: 1, sample: 1 },
  { kind: 'read', action: 'EIO', count: 1, every: 1, sample: 3 },
  { kind: 'read', action: 'EIO', count: 3, every: 5, sample: 1 },
  { kind: 'read', action: 'EIO', count: 0, every: 5, sample: 1 },
  { kind: 'rename', action: 'EIO', count: 1, every: 1, sample: 1 },
  { kind: 'rename', action: 'ENOSPC', count: 0, every: 1, sample: 1 },
  { kind: 'unlink', action: 'EIO', count: 1, every: 1, sample: 1 },
  { kind: 'mkdir', action: 'ENOSPC', count: 1, every: 1, sample: 1 },
  { kind: 'mkdir', action: 'ENOSPC', count: 0, every: 1, sample: 1 },
  { kind: 'any', action: 'kill', count: 1, every: 1, sample: 6 },
];

/** What survives of the changes that were not synced. */
const survivals: Readonly<Record<string, () => Survival>> = {
  nothing: () => ({ entry: never, size: never, sector: never }),
  metadata: () => ({ entry: always, size: always, sector: never }),
  'random sectors': () => ({ entry: always, size: always, sector: sometimes(random()) }),
  'random changes': () => ({
    entry: sometimes(random()),
    size: sometimes(random()),
    sector: sometimes(random()),
  }),
};
const never = () => false;
const always = () => true;
const sometimes = (probability: number) => () => random() < probability;

let library: string;
let verifiers: Verifier[];
beforeAll(async () => {
  library = await compileFaults();
  verifiers = Array.from({ length: availableParallelism() }, () => new Verifier());
});
afterAll(() => {
  for (const verifier of verifiers) verifier.end();
  rmSync(join(library, '..'), { recursive: true });
});

/** What was tried, and what was found. */
class Figures {
  readonly counts: Record<string, number> = {};
  readonly problems: string[] = [];

  add(name: string, count = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + count;
  }
}

/** Runs the tasks on all processors. */
async function runAll(tasks: readonly ((verifier: Verifier) => Promise<void>)[]): Promise<void> {
  const left = [...tasks];
  await Promise.all(
    verifiers.map(async (verifier) => {
      for (let task = left.shift(); task !== undefined; task = left.shift()) await task(verifier);
    }),
  );
}

/** Verifies what a loss of power leaves. */
async function verifyCut(
  entries: readonly Entry[],
  { root: recordedRoot }: Remains,
  end: number,
  survival: string,
  verifier: Verifier,
): Promise<string[]> {
  const root = newRoot();
  const make = survivals[survival] as () => Survival;
  cutOff(entries, end, make(), root, recordedRoot);
  const { problems } = await verifier.verify(root, outputUntil(entries, end));
  return problems.map(
    (problem) => `power cut at ${end} of ${entries.length}, ${survival}: ${problem}`,
  );
}

/** The calls to try: all, or some that differ. */
function numbersOf({ every, sample }: Fault, calls: number): number[] {
  if (isWhole) return Array.from({ length: Math.ceil(calls / every) }, (_, i) => 1 + i * every);
  const part = calls / Math.min(sample, calls);
  const numbers = Array.from({ length: Math.min(sample, calls) }, (_, i) =>
    Math.floor(1 + (i + random()) * part),
  );
  return [...new Set(numbers)];
}

async function tryFault(
  script: Script,
  plan: Plan,
  figures: Figures,
  verifier: Verifier,
): Promise<void> {
  const name = `${script} ${plan.kind}:${plan.first}:${plan.action}:${plan.count}`;
  const recordFile = join(newDir(), 'record');
  const remains = await runScript(library, script, plan, recordFile);
  const entries = readRecord(readFileSync(recordFile));
  rmSync(join(recordFile, '..'), { recursive: true });
  const { problems, acknowledged, rejectedButStored } = await verifier.verify(
    remains.root,
    remains.output,
  );
  const all = [...remains.problems, ...problems];
  // Fewer calls are made when something takes another order.
  figures.add(remains.faults > 0 ? 'runs' : 'runs without the call');
  figures.add('failed calls', remains.faults);
  figures.add('acknowledged', acknowledged);
  figures.add(
    plan.action === 'kill' ? 'not acknowledged, yet stored' : 'rejected, yet stored',
    rejectedButStored,
  );
  // Soon after the fault, and at the end.
  const fault = entries.findIndex(({ kind }) => kind === 'fault');
  const soon = Math.min(entries.length, fault + 1 + Math.floor(random() * 40));
  for (const end of fault < 0 ? [entries.length] : [soon, entries.length]) {
    for (const survival of ['nothing', 'random changes']) {
      all.push(...(await verifyCut(entries, remains, end, survival, verifier)));
      figures.add('power cuts');
    }
  }
  figures.problems.push(...all.map((problem) => `${name}: ${problem}`));
}

test.each(scripts)('a failed call loses nothing that was acknowledged: %s', async (script) => {
  const began = performance.now();
  const figures = new Figures();
  const usual = await runScript(library, script, undefined);
  const [verifier] = verifiers as [Verifier];
  expect((await verifier.verify(usual.root, usual.output)).problems).toEqual([]);
  expect(usual.problems).toEqual([]);
  const changes = KINDS.filter((kind) => kind !== 'read');
  const callsOf = (kind: Plan['kind']) =>
    kind === 'any' ? changes.reduce((sum, one) => sum + usual.counts[one], 0) : usual.counts[kind];
  const tried = faults.filter(({ kind }) => !isWhole || whole === 'all' || whole === kind);
  const plans = tried.flatMap(({ every, sample, ...fault }) =>
    numbersOf({ every, sample, ...fault }, callsOf(fault.kind)).map((first) => ({
      ...fault,
      first,
    })),
  );
  await runAll(plans.map((plan) => (verifier) => tryFault(script, plan, figures, verifier)));
  print(`I/O faults, ${script}`, began, { calls: usual.counts, ...figures.counts }, figures);
  expect(figures.problems).toEqual([]);
  expect(figures.counts['failed calls'] ?? 0).toBeGreaterThanOrEqual(plans.length / 2);
});

test('no read of the database that fails is taken for zeros', async () => {
  const remains = await runScript(library, 'alone', undefined);
  onTestEnd(() => rmSync(remains.root, { recursive: true }));
  const folder = newRoot();
  onTestEnd(() => rmSync(folder, { recursive: true }));
  copyFileSync(join(remains.root, FOLDER, 'store.db'), join(folder, 'store.db'));
  const read = async (n: number) => {
    const env = {
      LD_PRELOAD: library,
      IO_FAULTS_ROOT: folder,
      IO_FAULTS_STATE: join(newDir(), 'state'),
      IO_FAULTS_PLAN: `read:${n}:EIO:1`,
    };
    return (await runChild('store-reader.mjs', [folder], { env })).stdout;
  };
  const outputs = [];
  do outputs.push(await read(outputs.length + 1));
  while (outputs.at(-1) !== '2 2\n');
  // The file's header, twice; the number of its changes; and the page of the table.
  expect(outputs.length).toBeGreaterThan(3);
  for (const output of outputs.slice(0, -1)) expect(output).toMatch(/^failed: /);
});

test.each(scripts)('a loss of power keeps what was acknowledged: %s', async (script) => {
  const began = performance.now();
  const figures = new Figures();
  const recordFile = join(newDir(), 'record');
  const remains = await runScript(library, script, undefined, recordFile);
  onTestEnd(() => rmSync(remains.root, { recursive: true }));
  const entries = readRecord(readFileSync(recordFile));
  const { length } = entries;
  const step = isWhole ? 1 : length / 35;
  const ends = Array.from({ length: Math.floor(length / step) }, (_, i) =>
    Math.floor((i + (isWhole ? 1 : random())) * step),
  );
  await runAll(
    ends.flatMap((end) =>
      Object.keys(survivals).map((survival) => async (verifier: Verifier) => {
        figures.problems.push(...(await verifyCut(entries, remains, end, survival, verifier)));
        figures.add(survival);
      }),
    ),
  );
  print(`power cuts, ${script}`, began, { entries: length, ...figures.counts }, figures);
  expect(figures.problems).toEqual([]);
});

function print(title: string, began: number, counts: object, { problems }: Figures): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const figures = { seed, seconds, ...counts, problems: problems.length };
  process.stdout.write(`${title}: ${JSON.stringify(figures)}\n`);
}
