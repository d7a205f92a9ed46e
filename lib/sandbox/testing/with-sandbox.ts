import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { sandboxError } from '../../errors';
import type { AbilityTypes, AnyAbilities } from '../../interfaces/abilities';
import type { ZoneSandboxOptions } from '../options';
import { ProgramProcess } from '../programs/process/program-process';
import { formatSeenRequest } from '../wire/seen-request';
import { endWith, keepData, ZoneSandbox } from '../zone-sandbox';
import { setEnvironment } from './environment';

/**
 * A program to test: a request listener or server of this process; the path of a script (or a `file:` URL), which runs in its own
 * process; or the address of a program that is already running with the environment of a sandbox.
 */
export type TestProgram = RequestListener | Server | string | URL;

/** How to start a sandbox for tests. */
export interface WithSandboxOptions extends Omit<ZoneSandboxOptions, 'program'> {
  /** Additional environment variables of the program. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of a script. */
  readonly args?: readonly string[];
  /** Options of node for a script, such as `['--import', 'tsx']`. */
  readonly execArgv?: readonly string[];
  /**
   * Whether the standard output of a script is shown, and a line for each request on the standard error; true by default. The log of
   * its SDK is not: use `sandbox.logs.search()`.
   */
  readonly output?: boolean;
}

let isProcessTaken = false;

/**
 * Starts a sandbox and a program in it, on free ports: for Jest, vitest, node:test and any other test runner.
 *
 * A listener or server runs in this process or Worker, and its variables are set in `process.env` until `stop()`. So only one can run
 * at a time. A script runs in its own process; several can run at once.
 *
 * @typeParam Abilities - an interface with the request and the response of each ability, as for `ZoneProgram`; it types `call` and
 * `callAsync`
 * @throws SandboxError `ERR_SANDBOX_PROGRAM_START`, `ERR_SANDBOX_PROGRAM_ENDED`, `ERR_SANDBOX_PROGRAM_SILENT`,
 * `ERR_SANDBOX_PROCESS_TAKEN`, and those of `ZoneSandbox.start`
 *
 * @example
 * ```ts
 * const sandbox = await withSandbox('dist/app.js');
 * afterEach(() => sandbox.reset());
 * afterAll(() => sandbox.stop());
 *
 * test('responds', async () => {
 *   expect(await sandbox.call('chat_analysis', { days: 3 })).toMatchObject({ errcode: 0 });
 * });
 * ```
 */
export async function withSandbox<Abilities extends AbilityTypes<Abilities> = AnyAbilities>(
  program: TestProgram,
  options: WithSandboxOptions = {},
): Promise<ZoneSandbox<Abilities>> {
  const { env = {}, args, execArgv, output = true, ...sandboxOptions } = options;
  const sandbox = await ZoneSandbox.start<Abilities>(sandboxOptions);
  if (output) {
    sandbox.on('request', (request) => {
      process.stderr.write(`sandbox: ${formatSeenRequest(request)}\n`);
    });
  }
  const atEnd = (end: () => unknown): void => endWith(sandbox, end);
  // Keeps the SDK's log out of the program's own output. The sandbox still collects it.
  const environment = { ...sandbox.env, WEWORK_SPEC_SANDBOX_LOG_FILE: devNull, ...env };
  try {
    const script = scriptOf(program);
    if (script !== undefined) {
      const child = await ProgramProcess.start(script, {
        env: environment,
        output: {
          stdout: (text) => output && process.stdout.write(text),
          stderr: (text) => process.stderr.write(text),
        },
        ...(args && { args }),
        ...(execArgv && { execArgv }),
      });
      atEnd(() => child.stop());
      sandbox.programs.address = child.address;
    } else if (typeof program === 'string' || program instanceof URL) {
      sandbox.programs.address = program;
    } else {
      atEnd(takeProcess(environment));
      keepData(sandbox);
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
  // Not instanceof, because Jest has its own URL class.
  return 'href' in program && program.protocol === 'file:'
    ? fileURLToPath(program.href)
    : undefined;
}

/** Sets the environment of this process for one sandbox. Throws while another one has it. */
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
