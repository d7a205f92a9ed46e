import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { sandboxError } from '../../../errors';
import { LastLines } from './last-lines';
import { type ListeningMessage, SANDBOX_PID } from './preload-protocol';

const PRELOAD = join(__dirname, 'preload.js');
const START_TIMEOUT_MS = 30_000;
const KILL_AFTER_MS = 2000;
const READ_OUTPUT_MS = 1000;

/** Receives what a program writes, piece by piece. */
export interface ProgramOutput {
  stdout(text: string): unknown;
  stderr(text: string): unknown;
}

/** How to run a program. */
export interface ProgramProcessOptions {
  /** Variables in addition to those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** Options of node itself, such as `--import`. */
  readonly execArgv?: readonly string[];
  /** Receives what it writes. */
  readonly output: ProgramOutput;
  /** Whether `output` shows the user why a program does not start, so that the error need not repeat it. */
  readonly isShown?: boolean;
  readonly cwd?: string;
}

/** A program that runs and listens in its own process. */
export class ProgramProcess {
  readonly #child: ChildProcess;
  /** Address on which it listens. */
  readonly address: string;
  /** Fulfilled when the process has ended. */
  readonly ended: Promise<void>;

  private constructor(child: ChildProcess, port: number, ended: Promise<void>) {
    this.#child = child;
    this.address = `http://127.0.0.1:${port}`;
    this.ended = ended;
  }

  /**
   * Starts `node script` and waits until it listens. The variable `PORT` is 0, and port 8080 is replaced by a free one.
   *
   * @throws SandboxError `ERR_SANDBOX_PROGRAM_START`, `ERR_SANDBOX_PROGRAM_ENDED`, or `ERR_SANDBOX_PROGRAM_SILENT` when it does
   * not listen within 30 s
   */
  static async start(script: string, options: ProgramProcessOptions): Promise<ProgramProcess> {
    const { env, args = [], execArgv = [], output, isShown = false, cwd } = options;
    const notStarted = (cause: Error) =>
      sandboxError('ERR_SANDBOX_PROGRAM_START', [script, cause.message], cause);
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, ['--require', PRELOAD, ...execArgv, script, ...args], {
        env: { ...process.env, PORT: '0', ...env, [SANDBOX_PID]: String(process.pid) },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        ...(cwd === undefined ? {} : { cwd }),
      });
    } catch (error) {
      // Some errors of the system are thrown, others are events.
      throw notStarted(error as Error);
    }
    const lastLines = new LastLines();
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        lastLines.add(name, text);
        output[name](text);
      });
    }
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const reason = () => (isShown ? 'Its output says why.' : lastLines.text);
    let timer: NodeJS.Timeout | undefined;
    try {
      const port = await new Promise<number>((resolve, reject) => {
        child.on('message', (message: ListeningMessage) => {
          if (message?.type === 'wework-spec-listening') resolve(message.port);
        });
        child.once('error', (cause) => reject(notStarted(cause)));
        child.once('exit', async (code, signal) => {
          const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
          await outputOf(child);
          reject(sandboxError('ERR_SANDBOX_PROGRAM_ENDED', [script, end, reason()]));
        });
        timer = setTimeout(() => {
          const seconds = START_TIMEOUT_MS / 1000;
          reject(sandboxError('ERR_SANDBOX_PROGRAM_SILENT', [script, seconds, lastLines.text]));
        }, START_TIMEOUT_MS);
      });
      lastLines.close();
      return new ProgramProcess(child, port, ended);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process: SIGTERM, and SIGKILL two seconds later. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    this.#child.kill();
    await this.ended;
    clearTimeout(timer);
    // A process that the program has started may keep the pipes open, and with them this process.
    for (const pipe of [this.#child.stdout, this.#child.stderr]) (pipe as Socket | null)?.unref();
  }
}

/** Fulfilled when everything that an ended process has written was read; a process that it has started may keep the pipes open. */
async function outputOf(child: ChildProcess): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, READ_OUTPUT_MS);
  });
  await Promise.race([once(child, 'close'), limit]);
  clearTimeout(timer);
}
