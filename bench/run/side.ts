import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The checkout. */
export const root = join(__dirname, '..', '..', '..');

/**
 * The settings of malloc for each side. With glibc's defaults, memory of large requests goes back to the system and is fetched again,
 * page by page; that costs more than what is compared here, and differs from run to run.
 */
const pinnedMalloc = [
  'glibc.malloc.trim_threshold=268435456',
  'glibc.malloc.mmap_threshold=33554432',
  'glibc.malloc.top_pad=16777216',
].join(':');

/** The environment for a side: nothing of Node's or malloc's settings of the caller's shell. */
export function sideEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:NODE_|UV_|MALLOC_|GLIBC_|LD_PRELOAD|JAVA_|PYTHON|WEWORK_|npm_)/.test(name),
  );
  return { ...Object.fromEntries(inherited), GLIBC_TUNABLES: pinnedMalloc, ...extra };
}

/** One of the programs that are compared. */
export interface Side {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What a side prints as JSON. */
export interface Sample {
  readonly requests: number;
  /** Microseconds that passed. */
  readonly wall: number;
  /** Microseconds of these in which the thread was ready to run, but had no processor. */
  readonly waited: number;
  /** Microseconds of CPU time of all threads of the process. */
  readonly cpu: number;
  /** Page faults. */
  readonly faults: number;
  /** A sum over what was read, which all sides must agree on. */
  readonly check: number;
}

/** Starts a side with more arguments, and reads the JSON that it prints. */
export async function runSide<T = Sample>(
  side: Side,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<T> {
  const { stdout } = await promisify(execFile)(side.command, [...side.args, ...args], {
    env: sideEnvironment(env),
    maxBuffer: 1 << 26,
  });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as T;
  } catch {
    throw new Error(`${side.name} printed no figures: ${stdout.slice(0, 500)}`);
  }
}

/** The order of sides in a round: each starts as often as any other. */
export function inOrder<T>(sides: readonly T[], round: number): T[] {
  const first = round % sides.length;
  const rotated = [...sides.slice(first), ...sides.slice(0, first)];
  return Math.floor(round / sides.length) % 2 === 0 ? rotated : rotated.reverse();
}

/** Microseconds for a request, without the time in which another program had the processor. */
export function microseconds({ wall, waited, requests }: Sample): number {
  return (wall - waited) / requests;
}
