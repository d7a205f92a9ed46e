import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { sandboxError } from '../../errors';
import type { ZoneSandboxOptions } from '../options';
import { ProgramProcess } from '../programs/process/program-process';
import { endWith, ZoneSandbox } from '../zone-sandbox';
import { setEnvironment } from './environment';

/**
 * A program to test: a request listener or server of this process; the path of a script (or a `file:` URL), which runs in a process of
 * its own; or the address of one that runs already, with the environment of a sandbox.
 */
export type TestProgram = RequestListener | Server | string | URL;

/** How to start a sandbox for tests. */
export interface WithSandboxOptions extends Omit<ZoneSandboxOptions, 'program'> {
  /** More variables for the program's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of a script. */
  readonly args?: readonly string[];
  /** Options of node for a script, such as `['--import', 'tsx']`. */
  readonly execArgv?: readonly string[];
  /** Whether what a script prints is shown; true by default. Its SDK's log is not: `sandbox.logs.search()` has it. */
  readonly output?: boolean;
}

let isProcessTaken = false;

/**
 * Starts a sandbox and a program in it, on free ports: for Jest, vitest, node:test and any other test runner.
 *
 * A listener or server runs in this process, whose environment is set for it until `stop()`; so there can be one at a time. A script
 * runs in a process of its own; several may.
 *
 * @throws SandboxError `ERR_SANDBOX_PROGRAM_START`, `ERR_SANDBOX_PROGRAM_ENDED`, `ERR_SANDBOX_PROGRAM_SILENT`,
 * `ERR_SANDBOX_PROCESS_TAKEN`, `ERR_SANDBOX_THREAD`, and those of `ZoneSandbox.start`
 *
 * @example
 * ```ts
 * const sandbox = await withSandbox('dist/app.js');
 * afterEach(() => sandbox.reset());
 * afterAll(() => sandbox.stop());
 *
 * test('answers', async () => {
 *   expect(await sandbox.call('chat_analysis', { days: 3 })).toMatchObject({ errcode: 0 });
 * });
 * ```
 */
export async function withSandbox(
  program: TestProgram,
  options: WithSandboxOptions = {},
): Promise<ZoneSandbox> {
  const { env = {}, args, execArgv, output = true, ...sandboxOptions } = options;
  const sandbox = await ZoneSandbox.start(sandboxOptions);
  const atEnd = (end: () => unknown): void => endWith(sandbox, end);
  // The program's own output is for its author; the log has a place where it can be searched.
  const environment = { ...sandbox.env, WEWORK_SPEC_SANDBOX_LOG_FILE: devNull, ...env };
  try {
    const script = scriptOf(program);
    if (script !== undefined) {
      const child = await ProgramProcess.start(script, {
        env: environment,
        stdout: output ? 'inherit' : 'ignore',
        ...(args && { args }),
        ...(execArgv && { execArgv }),
      });
      atEnd(() => child.stop());
      sandbox.programs.address = child.address;
    } else if (typeof program === 'string' || program instanceof URL) {
      sandbox.programs.address = program;
    } else {
      atEnd(takeProcess(environment));
      const server = typeof program === 'function' ? createServer(program) : program;
      if (!server.listening) {
        await listen(server);
        atEnd(() => close(server));
      }
      sandbox.programs.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
  return sandbox;
}

function scriptOf(program: TestProgram): string | undefined {
  if (typeof program === 'string') {
    if (program.startsWith('file:')) return fileURLToPath(program);
    return /^\w+:\/\//.test(program) ? undefined : program;
  }
  // Not instanceof: Jest has a URL of its own.
  return 'href' in program && program.protocol === 'file:'
    ? fileURLToPath(program.href)
    : undefined;
}

/** The environment of this process belongs to one sandbox at a time. */
function takeProcess(environment: Readonly<Record<string, string>>): () => void {
  if (isProcessTaken) {
    throw sandboxError('ERR_SANDBOX_PROCESS_TAKEN');
  }
  const restore = setEnvironment(environment);
  isProcessTaken = true;
  return () => {
    restore();
    isProcessTaken = false;
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
