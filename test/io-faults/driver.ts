import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root as checkout, cleanEnvironment, node, runProgram } from '../support/child';
import { newTempDir } from '../support/temp-dir';

/** Calls that io_faults.cc counts, in the order of its numbers. */
export const KINDS = [
  'open',
  'read',
  'write',
  'sync',
  'truncate',
  'rename',
  'unlink',
  'mkdir',
] as const;
export type Kind = (typeof KINDS)[number];

export type Script = 'alone' | 'shared';

/** Which call fails, and how. */
export interface Plan {
  /** `any`: any call that changes something. */
  readonly kind: Kind | 'any';
  /** From 1. */
  readonly first: number;
  /** A number of errno.h by name; half a write, and then ENOSPC if it is `full`; or SIGKILL in place of the call. */
  readonly action: 'ENOSPC' | 'EIO' | 'EMFILE' | 'short' | 'full' | 'kill';
  /** Calls that fail; 0: all from the first one on. */
  readonly count: number;
}

/** What is left when a script's processes were killed. */
export interface Remains {
  /** Holds the program's folder, and everything else that the processes made. */
  readonly root: string;
  readonly output: string;
  readonly counts: Readonly<Record<Kind, number>>;
  /** Calls that failed on purpose. */
  readonly faults: number;
  /** Something that must not happen, whatever fails. */
  readonly problems: readonly string[];
}

/** The program's folder below the root: its parent does not exist either, as at a first start. */
export const FOLDER = join('program', 'data');

/** In memory where that is possible: nothing survives a loss of power anyway, and a call takes no time. */
const parent = existsSync('/dev/shm') ? '/dev/shm' : realpathSync(tmpdir());

export function newRoot(): string {
  return mkdtempSync(join(parent, 'wework-spec-test-'));
}

/** @returns path of the library that is preloaded */
export async function compileFaults(): Promise<string> {
  const library = join(newTempDir(), 'io_faults.so');
  const source = join(checkout, 'test', 'io-faults', 'io_faults.cc');
  const options = ['-std=c++17', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC'];
  const { code, stderr } = await runProgram('g++', [...options, '-o', library, source, '-ldl']);
  if (code !== 0) throw new Error(stderr);
  return library;
}

/** Runs a script of test/children/store-driver.mjs on a new folder, and kills its processes at its end. */
export async function runScript(
  library: string,
  script: Script,
  plan: Plan | undefined,
  record?: string,
): Promise<Remains> {
  const root = newRoot();
  const state = join(newTempDir(), 'state');
  const driver = join(checkout, 'test', 'children', 'store-driver.mjs');
  const child = spawn(node, [driver, script, join(root, FOLDER)], {
    env: {
      ...cleanEnvironment(),
      LD_PRELOAD: library,
      IO_FAULTS_ROOT: root,
      IO_FAULTS_STATE: state,
      IO_FAULTS_PLAN: plan && `${plan.kind}:${plan.first}:${plan.action}:${plan.count}`,
      IO_FAULTS_RECORD: record,
      ...(plan?.count === 0 && { LASTING_FAULT: '1' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the second process of a script is killed with it.
    detached: true,
  });
  const killAll = () => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // Nobody is left.
    }
  };
  let output = '';
  let stderr = '';
  let isOver = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    output += `${line}\n`;
    if (!line.endsWith('"end":true}')) return;
    isOver = true;
    killAll();
  });
  const hanging = setTimeout(() => {
    stderr += 'it hangs';
    killAll();
  }, 60_000);
  child.on('exit', killAll);
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(hanging);
  const numbers = new BigUint64Array(new Uint8Array(readFileSync(state)).buffer);
  rmSync(join(state, '..'), { recursive: true });
  const problems: string[] = [];
  if (stderr !== '') problems.push(`stderr: ${stderr}`);
  if (!isOver && plan?.action !== 'kill') problems.push('the process has ended');
  return {
    root,
    output,
    counts: Object.fromEntries(KINDS.map((kind, i) => [kind, Number(numbers[i])])) as Record<
      Kind,
      number
    >,
    faults: Number(numbers[KINDS.length]),
    problems,
  };
}

/** What the verifier says about a folder. */
export interface Verdict {
  readonly problems: readonly string[];
  /** Calls of the store that returned without an error. */
  readonly acknowledged: number;
  /** Jobs that are stored although no call that added them returned so. */
  readonly rejectedButStored: number;
}

/** A process of test/children/store-verifier.mjs. */
export class Verifier {
  readonly #child = spawn(node, [join(checkout, 'test', 'children', 'store-verifier.mjs')], {
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  readonly #waiting: ((verdict: Verdict) => void)[] = [];

  constructor() {
    createInterface({ input: this.#child.stdout }).on('line', (line) =>
      this.#waiting.shift()?.(JSON.parse(line)),
    );
  }

  /** Compares the folder below the root with the output of a script, then removes the root. */
  async verify(root: string, output: string): Promise<Verdict> {
    const request = JSON.stringify({ folder: join(root, FOLDER), output });
    const verdict = await new Promise<Verdict>((resolve, reject) => {
      this.#waiting.push(resolve);
      this.#child.once('exit', () => reject(new Error('the verifier has ended')));
      this.#child.stdin.write(`${request}\n`);
    });
    this.#child.removeAllListeners('exit');
    rmSync(root, { recursive: true });
    return verdict;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
