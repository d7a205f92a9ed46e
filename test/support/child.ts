import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';

/** The checkout. */
export const root = join(__dirname, '..', '..');

/** The node that runs the programs of test/children; scripts/test-node-versions sets others. */
export const node = process.env.WEWORK_SPEC_TEST_NODE || process.execPath;

/** How a process ended, and what it wrote. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A process that runs. */
export interface Running {
  process: ChildProcess;
  /** Settles when the process has written the text to its standard output, or has ended. */
  printed(text: string): Promise<void>;
  ended: Promise<Ended>;
}

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  /** Options of node itself. */
  nodeArgs?: readonly string[];
  cwd?: string;
  /** A command that starts node. */
  under?: readonly string[];
  /** Milliseconds after which it is killed; default 50,000. */
  timeout?: number;
}

/** The environment of this process without the variables of the package and of node. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:WEWORK_|NODE_|npm_|JEST_|LD_)/.test(name)),
  );
  const coverage = process.env.WEWORK_TEST_COVERAGE;
  return coverage === undefined ? environment : { ...environment, NODE_V8_COVERAGE: coverage };
}

/** Starts any program. */
export function startProgram(
  command: string,
  args: readonly string[],
  { env, ...options }: SpawnOptions = {},
): Running {
  const child = spawn(command, args, {
    ...options,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const printed = (text: string) =>
    new Promise<void>((resolve) => {
      let stdout = '';
      child.stdout?.on('data', (more: string) => {
        stdout += more;
        if (stdout.includes(text)) resolve();
      });
      child.on('close', () => resolve());
    });
  return { process: child, printed, ended };
}

/** The port that a program prints as `port <number>`, whatever its SDK prints before. */
export function portOf({ process: child, ended }: Running): Promise<string> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    child.stdout?.on('data', (text: string) => {
      stdout += text;
      const port = /^port (\d+)$/m.exec(stdout)?.[1];
      if (port !== undefined) resolve(port);
    });
    ended.then((how) => reject(new Error(`no port: ${JSON.stringify(how)}`)), reject);
  });
}

/** Runs any program to its end. */
export function runProgram(
  command: string,
  args: readonly string[],
  options?: SpawnOptions,
): Promise<Ended> {
  return startProgram(command, args, options).ended;
}

/** Starts a program of test/children with {@link node}. A program that hangs is ended before the test's own time-out. */
export function startChild(
  program: string,
  args: readonly string[] = [],
  { env = {}, nodeArgs = [], cwd = root, under = [], timeout = 50_000 }: ChildOptions = {},
): Running {
  const file = join(root, 'test', 'children', program);
  const [command = node, ...rest] = [...under, node, ...nodeArgs, file, ...args];
  return startProgram(command, rest, {
    cwd,
    env,
    timeout,
    killSignal: 'SIGKILL',
  });
}

/** Runs a program of test/children to its end. */
export function runChild(
  program: string,
  args?: readonly string[],
  options?: ChildOptions,
): Promise<Ended> {
  return startChild(program, args, options).ended;
}

/** The end of a process without errors. */
export function cleanEnd(stdout: unknown = expect.any(String), code = 0): Ended {
  return { code, signal: null, stdout: stdout as string, stderr: '' };
}
