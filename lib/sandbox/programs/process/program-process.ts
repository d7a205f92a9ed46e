import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { sandboxError } from '../../../errors';
import { type ListeningMessage, SANDBOX_PID } from './preload-protocol';

const PRELOAD = join(__dirname, 'preload.js');
const START_TIMEOUT_MS = 30_000;
const KILL_AFTER_MS = 2000;

/** Receives what a program writes, piece by piece. */
export interface ProgramOutput {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** How to run a program. */
export interface ProgramProcessOptions {
  /** Variables in addition to those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** Options of node itself, such as `--import`. */
  readonly execArgv?: readonly string[];
  /** Destination of its standard output; by default that of this process. */
  readonly stdout?: 'inherit' | 'ignore';
  /** Receives its standard output and error instead. */
  readonly output?: ProgramOutput;
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
    const { env, args = [], execArgv = [], stdout = 'inherit', output, cwd } = options;
    const notStarted = (cause: Error) =>
      sandboxError('ERR_SANDBOX_PROGRAM_START', [script, cause.message], cause);
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, ['--require', PRELOAD, ...execArgv, script, ...args], {
        env: { ...process.env, PORT: '0', ...env, [SANDBOX_PID]: String(process.pid) },
        stdio: ['ignore', output ? 'pipe' : stdout, output ? 'pipe' : 'inherit', 'ipc'],
        ...(cwd === undefined ? {} : { cwd }),
      });
    } catch (error) {
      // Some errors of the system are thrown, others are events.
      throw notStarted(error as Error);
    }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => output?.stdout(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => output?.stderr(text));
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    let timer: NodeJS.Timeout | undefined;
    try {
      const port = await new Promise<number>((resolve, reject) => {
        child.on('message', (message: ListeningMessage) => {
          if (message?.type === 'wework-spec-listening') resolve(message.port);
        });
        child.once('error', (cause) => reject(notStarted(cause)));
        child.once('exit', (code, signal) => {
          const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
          reject(sandboxError('ERR_SANDBOX_PROGRAM_ENDED', [script, end]));
        });
        timer = setTimeout(
          () =>
            reject(sandboxError('ERR_SANDBOX_PROGRAM_SILENT', [script, START_TIMEOUT_MS / 1000])),
          START_TIMEOUT_MS,
        );
      });
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
