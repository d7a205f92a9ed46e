/** The command of the benches: npm run bench. See bench/README.md. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Options, Run } from './run/bench';
import {
  type Bars,
  barText,
  isComparable,
  type Judged,
  judge,
  machine,
  printFigures,
  printTable,
  withNewBaselines,
  withUnit,
} from './run/report';
import { root } from './run/side';

const benches: Readonly<Record<string, () => Promise<{ run: Run }>>> = {
  callback: () => import('./callback.js'),
  http: () => import('./http.js'),
  instructions: () => import('./instructions.js'),
  invoke: () => import('./invoke.js'),
  log: () => import('./log.js'),
  memory: () => import('./memory.js'),
  scale: () => import('./scale.js'),
  start: () => import('./start.js'),
};

/** Programs that print by themselves, and have no bars. */
const programs: readonly string[] = ['corp', 'messages', 'sandbox'];
const names = [...Object.keys(benches), ...programs];

const help = `Usage: npm run bench -- [options] [bench ...]

Benches (default: all): ${names.join(', ')}

  --rounds N    rounds of each comparison (default: 7, with --quick 5; at least 5)
  --quick       fewer requests in each round: to try a change, not to publish a figure
  --check       exit with 1 if a figure misses its bar
  --bars FILE   the bars (default: bench/bars.json)
  --update-baselines
                write the figures of this run into the bars that have a baseline
  --json FILE   also write all figures, with the value of each round
  --help        print this text`;

void main();

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(help);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    return fail(`unknown bench "${unknown}". Benches: ${names.join(', ')}`);
  const rounds = Number(values.rounds ?? (values.quick ? 5 : 7));
  if (!Number.isSafeInteger(rounds) || rounds < 5) {
    return fail(`--rounds must be an integer of at least 5. Received ${values.rounds}`);
  }
  const bars: Bars = JSON.parse(readFileSync(values.bars, 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'wework-spec-bench-'));
  const options: Options = {
    rounds,
    quick: values.quick,
    folder,
    progress: (line) => process.stderr.write(`${line}\n`),
  };
  const before = machine();
  const figures: Judged[] = [];
  const unmeasured: string[] = [];
  const skipped: string[] = [];
  const tables: Record<string, unknown> = {};
  try {
    for (const name of positionals.length > 0 ? positionals : names) {
      const bench = benches[name];
      if (bench === undefined) {
        await runProgram(name);
        continue;
      }
      const outcome = await (await bench()).run(options);
      const report = judge(name, outcome, bars);
      outcome.tables.forEach(printTable);
      tables[name] = outcome.tables;
      figures.push(...report.figures);
      unmeasured.push(...report.unmeasured);
      skipped.push(...(outcome.skipped ?? []));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (figures.length > 0) printFigures(figures);
  for (const line of skipped) console.log(`skipped: ${line}`);
  const after = machine();
  console.log(
    `\n${after.processors} processors (${after.processor}), Node.js ${after.node}, ` +
      `load ${before.load[0]} before and ${after.load[0]} after`,
  );
  if (values.json !== undefined) {
    const document = { before, after, rounds, quick: values.quick, figures, skipped, tables };
    writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
  }
  if (values['update-baselines']) {
    const text = JSON.stringify(withNewBaselines(bars, figures), null, 2);
    // One line for each bar.
    writeFileSync(values.bars, `${text.replace(/\{\s+("[^{}]*?)\s+\}/g, oneLine)}\n`);
  }
  if (values.check) check(figures, unmeasured);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        bars: { type: 'string', default: join(root, 'bench', 'bars.json') },
        'update-baselines': { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}

function oneLine(object: string): string {
  return object.replace(/\s+/g, ' ');
}

/** Reports the bars that were missed, and those without a figure: a check of nothing must not pass. */
function check(figures: readonly Judged[], unmeasured: readonly string[]): void {
  const missed = figures.filter(({ missedBy }) => missedBy !== undefined);
  for (const { name, median, unit, bar = {}, missedBy = 0 } of missed) {
    const limit = barText(bar, unit);
    console.log(
      `missed: ${name} is ${withUnit(median, unit)}, bar ${limit}, by ${missedBy.toFixed(1)} %`,
    );
  }
  for (const name of unmeasured) console.log(`missed: ${name} has a bar, but was not measured`);
  for (const { name, bar = {} } of figures) {
    if (!isComparable(bar)) console.log(`not compared: the baseline of ${name} is of ${bar.on}`);
  }
  const barred = figures.filter(({ bar }) => bar !== undefined).length;
  if (barred === 0) console.log('missed: no figure of these benches has a bar');
  if (missed.length + unmeasured.length > 0 || barred === 0) process.exitCode = 1;
  else console.log(`all ${barred} bars are reached`);
}

async function runProgram(name: string): Promise<void> {
  const child = spawn(process.execPath, [join(__dirname, `${name}.js`)], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`bench ${name} exited with code ${code}`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 2;
}
