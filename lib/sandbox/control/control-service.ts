import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJson } from '../../common/json';
import { isSpecError } from '../../errors';
import { JSON_TYPE, readBody, respond } from '../common/http';
import { tenths } from '../common/inspection';
import type { ZoneEventContent, ZoneEventType } from '../common/zone-events';
import type { FaultRule } from '../faults/fault';
import type { Fault } from '../faults/fault-book';
import type { LogRecord } from '../logs/log-record';
import type { LogQuery } from '../logs/log-ring';
import type { CallResult } from '../programs/call-result';
import type { SavedState } from '../state/state-file';
import type { ControlledSandbox } from './controlled-sandbox';
import { type ZoneCommands, zoneHandlersOf } from './zone-commands';

const PREFIX = '/sandbox/';
const LARGEST_BODY = 512 * 1024 * 1024;

/** Request and response of each command that `wework-spec` can send to a running sandbox, by name. */
export interface ControlCommands extends ZoneCommands {
  info: { request: Record<string, never>; response: SandboxInfo };
  call: { request: CallCommand; response: CallReport };
  'call-async': { request: CallCommand & { wait?: boolean }; response: CallReport };
  emit: {
    request: { event: string; content: unknown };
    response: CallReport;
  };
  logs: { request: LogQuery; response: LogRecord[] };
  'add-fault': { request: FaultRule; response: FaultReport };
  faults: { request: Record<string, never>; response: FaultReport[] };
  'clear-faults': { request: Record<string, never>; response: { cleared: number } };
  'remove-fault': { request: { id: number }; response: { removed: boolean } };
  reset: { request: Record<string, never>; response: Record<string, never> };
  'save-state': { request: Record<string, never>; response: unknown };
  'load-state': { request: unknown; response: Record<string, never> };
}

/** Addresses and ids of a sandbox, without its secrets. */
export interface SandboxInfo {
  readonly serverUrl: string;
  readonly platform: string;
  readonly corpId: string;
  readonly programId: string;
  /** Address of the program; absent until it is set. */
  readonly program?: string;
  /** Where the program stores its jobs and events. */
  readonly dataDir: string;
  /** The interfaces that programs can invoke. */
  readonly interfaces: readonly string[];
}

/** A call that another process requests. */
export interface CallCommand {
  readonly ability: string;
  readonly request: unknown;
  readonly notifyId?: string;
  readonly programId?: string;
}

/** The result of a call, without its encrypted messages. */
export interface CallReport {
  readonly errcode: number;
  readonly errmsg: string;
  readonly response_data: string;
  /** Of an asynchronous call. */
  readonly jobid?: string;
  /** Of an asynchronous call whose result was reported. */
  readonly response_errcode?: number;
  /** Why the program's SDK refused the request, if it did. */
  readonly refusal?: string;
  /** Id of the request in the program's log; only from a `ZoneProgram`. */
  readonly request_id?: string;
  /** The ability that was called. */
  readonly ability?: string;
  /** The abilities of the program, if it has no such ability; only from a `ZoneProgram`. */
  readonly abilities?: readonly string[];
  /** Milliseconds, with at most one decimal. */
  readonly elapsed: number;
}

/** A fault and how often it took effect. */
export interface FaultReport {
  readonly id: number;
  /** A fault that is a function has only its direction and the function's name. */
  readonly rule: FaultRule | { readonly direction: 'invoke'; readonly function: string };
  readonly hits: number;
}

/** The response to a command that failed. */
export interface ControlFailure {
  /** Of an error of this package. */
  readonly code?: string;
  readonly message: string;
}

type Name = keyof ControlCommands;
type Handlers = {
  readonly [N in Name]: (
    request: ControlCommands[N]['request'],
  ) => Promise<ControlCommands[N]['response']> | ControlCommands[N]['response'];
};

/**
 * Lets other processes of the same user control a sandbox: POST `/sandbox/<command>` with a JSON body and the token as `Bearer`.
 * A request without the token is not handled here, so that the service cannot be detected.
 */
export class ControlService {
  readonly #token: Buffer;
  readonly #handlers: Handlers;

  /** @param interfaces - returns the names of the interfaces that programs can invoke */
  constructor(sandbox: ControlledSandbox, token: string, interfaces: () => readonly string[]) {
    this.#token = Buffer.from(`Bearer ${token}`);
    this.#handlers = handlersOf(sandbox, interfaces);
  }

  /** Handles a request if it is for this service; returns whether it is. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = request.url ?? '';
    if (!path.startsWith(PREFIX) || !this.#isAllowed(request)) return false;
    void this.#serve(path.slice(PREFIX.length), request, response);
    return true;
  }

  #isAllowed(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers.authorization ?? '');
    return given.length === this.#token.length && timingSafeEqual(given, this.#token);
  }

  async #serve(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request, LARGEST_BODY);
      if (body === undefined) {
        const message = `the body is larger than ${LARGEST_BODY} bytes`;
        return respondFailure(response, 413, { message });
      }
      const command = parseJson(body.toString('utf8') || '{}');
      if (command === undefined) {
        return respondFailure(response, 400, { message: 'the body is not JSON' });
      }
      const handler = Object.hasOwn(this.#handlers, name)
        ? (this.#handlers[name as Name] as (request: unknown) => unknown)
        : undefined;
      if (handler === undefined) {
        return respondFailure(response, 404, { message: `there is no command ${name}` });
      }
      respondJson(response, 200, await handler(command.value));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (isSpecError(error)) return respondFailure(response, 400, { code: error.code, message });
      respondFailure(response, 500, { message });
    }
  }
}

function handlersOf(sandbox: ControlledSandbox, interfaces: () => readonly string[]): Handlers {
  const callOptions = ({ notifyId, programId }: CallCommand) => ({
    ...(notifyId === undefined ? {} : { notifyId }),
    ...(programId === undefined ? {} : { programId }),
  });
  return {
    ...zoneHandlersOf(sandbox),
    info: () => ({
      serverUrl: sandbox.urls.server,
      platform: sandbox.urls.platform,
      corpId: sandbox.application.corpId,
      programId: sandbox.programs.ownId,
      ...(sandbox.programs.address && { program: sandbox.programs.address.href }),
      dataDir: sandbox.programs.env().WEWORK_SPEC_DATA_DIR ?? '',
      interfaces: interfaces(),
    }),
    call: async (command) => {
      const result = await sandbox.call(command.ability, command.request, callOptions(command));
      const { ability } = command;
      return { ...reportOf(result), ability, response_data: result.response_data };
    },
    'call-async': async (command) => {
      const { ability, request, wait = true } = command;
      const task = await sandbox.callAsync(ability, request, callOptions(command));
      const report = { ...reportOf(task), ability, jobid: task.jobid };
      if (!wait || task.errcode !== 0) return { ...report, response_data: '' };
      const { response_errcode, response_data } = await task.result();
      return { ...report, response_errcode, response_data };
    },
    emit: async ({ event, content }) => ({
      // emit() checks both values.
      ...reportOf(
        await sandbox.emit(event as ZoneEventType, content as ZoneEventContent<ZoneEventType>),
      ),
      response_data: '',
    }),
    logs: (query) => sandbox.logs.search(query),
    'add-fault': (rule) => faultReportOf(sandbox.faults.inject(rule)),
    faults: () => sandbox.faults.list().map(faultReportOf),
    'clear-faults': () => {
      const cleared = sandbox.faults.list().length;
      sandbox.faults.clear();
      return { cleared };
    },
    'remove-fault': ({ id }) => {
      const fault = sandbox.faults.list().find((one) => one.id === id);
      fault?.remove();
      return { removed: fault !== undefined };
    },
    reset: async () => {
      await sandbox.reset();
      return {};
    },
    'save-state': () => sandbox.save(),
    'load-state': async (state) => {
      await sandbox.load(state as SavedState);
      return {};
    },
  };
}

function faultReportOf({ id, rule, hits }: Fault): FaultReport {
  if (typeof rule !== 'function') return { id, rule, hits };
  return { id, rule: { direction: 'invoke', function: rule.name }, hits };
}

function reportOf({
  errcode,
  errmsg,
  details,
}: Pick<CallResult, 'errcode' | 'errmsg' | 'details'>): Omit<CallReport, 'response_data'> {
  const { refusal, requestId, abilities, elapsed } = details;
  return {
    errcode,
    errmsg,
    elapsed: tenths(elapsed),
    ...(refusal === undefined ? {} : { refusal }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(abilities === undefined ? {} : { abilities }),
  };
}

function respondFailure(response: ServerResponse, status: number, failure: ControlFailure): void {
  respondJson(response, status, failure);
}

function respondJson(response: ServerResponse, status: number, value: unknown): void {
  respond(response, status, JSON.stringify(value), JSON_TYPE);
}
