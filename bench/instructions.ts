/**
 * Instructions for a callback, counted by Valgrind: they repeat where times do not, so that CI can guard them. Node.js runs without its
 * compilers, because what these compile, and when, differs from run to run.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure, Options, Outcome } from './run/bench';
import { compileProgram } from './run/native';
import { sealedRequests, textOf } from './run/requests';
import { sideEnvironment } from './run/side';

/** The difference of a run with `many` and one with `few` requests has nothing of the start. */
const sizes = [
  { name: '256 B', bytes: 256, alphabet: 'ascii', few: 100, many: 2100 },
  { name: '64 KiB', bytes: 65536, alphabet: 'ascii', few: 20, many: 80 },
  { name: '64 KiB half Chinese', bytes: 65536, alphabet: 'mixed', few: 20, many: 80 },
] as const;

const nodeFlags = ['--jitless', '--single-threaded', '--hash-seed=1', '--random-seed=1'];

export async function run(options: Options): Promise<Outcome> {
  if (!hasValgrind()) {
    const skipped = ['instructions: no valgrind (Debian: valgrind)'];
    return { figures: [], tables: [], skipped, skippedFigures: [/./] };
  }
  const cpp = [compileProgram('callback')];
  const node = [process.execPath, ...nodeFlags, join(__dirname, 'sides', 'callback.js')];
  const { env, write, close } = await sealedRequests(options.folder);
  const figures: Figure[] = [];
  const rows: string[][] = [];
  try {
    const warmUp = write('warm-up', 10, textOf(4096, 'mixed'));
    for (const { name, bytes, alphabet, few, many } of sizes) {
      options.progress(`instructions, ${name}`);
      const file = write('requests', many, textOf(bytes, alphabet));
      const forRequest = async (command: readonly string[]) => {
        const counts: Counts[] = [];
        for (const count of [few, many]) {
          const args = [...command, warmUp, file, 'own', '0', String(count)];
          counts.push(await countInstructions(args, env, join(options.folder, 'callgrind')));
        }
        const [less, more] = counts as [Counts, Counts];
        const difference = (side: keyof Counts) => (more[side] - less[side]) / (many - few);
        return { node: difference('node'), native: difference('native') };
      };
      const own = await forRequest(cpp);
      const ours = await forRequest(node);
      figures.push(
        { name: `${name}/addon and libraries`, values: [ours.native], unit: 'instructions' },
        { name: `${name}/Node.js`, values: [ours.node], unit: 'instructions' },
      );
      rows.push([name, own.native, ours.native, ours.node].map(rounded));
    }
  } finally {
    await close();
  }
  const table = {
    title:
      'instructions for a callback; OpenSSL is a library of the C++ side, and a part of Node.js',
    columns: ['payload', 'C++', 'addon and libraries', 'Node.js (interpreted)'],
    rows,
  };
  return { figures, tables: [table] };
}

function rounded(value: string | number): string {
  return typeof value === 'string' ? value : value.toFixed(0);
}

function hasValgrind(): boolean {
  try {
    execFileSync('valgrind', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Instructions of the program `node`, and of everything else that the process executed. */
interface Counts {
  readonly node: number;
  readonly native: number;
}

async function countInstructions(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  output: string,
): Promise<Counts> {
  const args = ['--tool=callgrind', `--callgrind-out-file=${output}`, ...command];
  await promisify(execFile)('valgrind', args, { env: sideEnvironment(env) });
  return parseCallgrind(readFileSync(output, 'latin1'));
}

/**
 * The instructions of each object file, in the format of Callgrind: a line with a position and a number counts for the object named last, except
 * after a line "calls=", where it is the sum of the callee.
 */
function parseCallgrind(text: string): Counts {
  const names = new Map<string, string>();
  const counts = { node: 0, native: 0 };
  let side: keyof Counts = 'native';
  let isSumOfCallee = false;
  for (const line of text.split('\n')) {
    const [, id, name] = /^c?ob=(\(\d+\))(?: (.*))?$/.exec(line) ?? [];
    if (id !== undefined) {
      if (name !== undefined) names.set(id, basename(name));
      // "cob=" names the object of a callee, whose own lines are elsewhere.
      if (line.startsWith('ob=')) side = names.get(id) === 'node' ? 'node' : 'native';
    } else if (line.startsWith('calls=')) {
      isSumOfCallee = true;
    } else if (/^[+\-*\d]/.test(line)) {
      if (!isSumOfCallee) counts[side] += Number(line.split(' ')[1]);
      isSumOfCallee = false;
    }
  }
  if (counts.native === 0) throw new Error('Callgrind counted nothing');
  return counts;
}
