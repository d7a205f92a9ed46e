import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { AbilityProtocol } from '../programs/ability-protocols';
import type { AppNotification } from '../common/app-notification';
import type { AsyncCallResult, CallResult } from '../programs/call-result';
import { sandboxError } from '../../errors';
import type { FaultRule } from '../faults/fault';
import type { Fault } from '../faults/fault-book';
import type { LogRecord } from '../logs/log-record';
import type { LogQuery } from '../logs/log-ring';
import type { ZoneSandboxOptions } from '../options';
import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import { ProgramProcess } from '../programs/process/program-process';
import type { SeenRequest } from '../wire/seen-request';
import type { AsyncCallOptions, CallOptions } from '../zone-sandbox';
import { ZoneSandbox } from '../zone-sandbox';
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
  /** Whether what a script prints is shown; true by default. Its SDK's log is not: `zone.logs()` has it. */
  readonly output?: boolean;
}

/** A sandbox with a program, for tests. */
export interface TestZone {
  /** All that it can do beyond what is here. */
  readonly sandbox: ZoneSandbox;
  /** Calls an ability, as `ZoneSandbox.call`. */
  call(abilityId: string, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** Starts a job, as `ZoneSandbox.callAsync`. */
  callAsync(
    abilityId: string,
    request: unknown,
    options?: AsyncCallOptions,
  ): Promise<AsyncCallResult>;
  /** Sends an event, as `ZoneSandbox.emit`. */
  emit<Type extends ZoneEventType>(
    eventType: Type,
    content: ZoneEventContent<Type>,
  ): Promise<CallResult>;
  /** Searches the program's log, as `ZoneSandbox.logs`. */
  logs(query?: LogQuery): Promise<LogRecord[]>;
  /** Everything seen, decrypted, in the order in which it ended; `ZoneSandbox.requests`. */
  readonly requests: readonly SeenRequest[];
  /** What the program has told its application with `spec_notify_app`. */
  readonly notifications: readonly AppNotification[];
  /** Lets something go wrong, as `ZoneSandbox.fault`. */
  fault(rule: FaultRule): Fault;
  /** Sets what an ability takes and gives, as `ZoneSandbox.defineAbility`. */
  defineAbility(abilityId: string, protocol: AbilityProtocol): void;
  /** Puts the sandbox back to how it was at the start, in a few milliseconds: for between tests. The program goes on. */
  reset(): Promise<void>;
  /** Ends the program, if it was started here, and the sandbox. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

let isProcessTaken = false;

/**
 * Starts a sandbox and a program in it, on free ports: for Jest, vitest, node:test and any other test runner.
 *
 * A listener or server runs in this process, whose environment is set for it until `stop()`; so there can be one at a time. A script
 * runs in a process of its own; several may.
 *
 * @throws SandboxError `ERR_SANDBOX_PROGRAM_START`, `ERR_SANDBOX_PROCESS_TAKEN`, `ERR_SANDBOX_THREAD`, and those of
 * `ZoneSandbox.start`.
 *
 * @example
 * ```ts
 * const zone = await withSandbox('dist/app.js');
 * afterEach(() => zone.reset());
 * afterAll(() => zone.stop());
 *
 * test('answers', async () => {
 *   expect(await zone.call('chat_analysis', { days: 3 })).toMatchObject({ errcode: 0 });
 * });
 * ```
 */
export async function withSandbox(
  program: TestProgram,
  options: WithSandboxOptions = {},
): Promise<TestZone> {
  const { env = {}, args, execArgv, output = true, ...sandboxOptions } = options;
  const sandbox = await ZoneSandbox.start(sandboxOptions);
  const steps: (() => unknown)[] = [() => sandbox.stop()];
  const stop = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
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
      steps.push(() => child.stop());
      sandbox.program = child.address;
    } else if (typeof program === 'string' || program instanceof URL) {
      sandbox.program = program;
    } else {
      steps.push(takeProcess(environment));
      const server = typeof program === 'function' ? createServer(program) : program;
      if (!server.listening) {
        await listen(server);
        steps.push(() => close(server));
      }
      sandbox.program = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return zoneOf(sandbox, stop);
}

function zoneOf(sandbox: ZoneSandbox, stop: () => Promise<void>): TestZone {
  return {
    sandbox,
    call: (abilityId, request, options) => sandbox.call(abilityId, request, options),
    callAsync: (abilityId, request, options) => sandbox.callAsync(abilityId, request, options),
    emit: (eventType, content) => sandbox.emit(eventType, content),
    logs: (query) => sandbox.logs(query),
    get requests() {
      return sandbox.requests;
    },
    get notifications() {
      return sandbox.notifications;
    },
    fault: (rule) => sandbox.fault(rule),
    defineAbility: (abilityId, protocol) => void sandbox.defineAbility(abilityId, protocol),
    reset: () => sandbox.reset(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
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
