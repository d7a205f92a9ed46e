import { randomBytes } from 'node:crypto';
import { sandboxError } from '../errors';
import type {
  AbilityId,
  AbilityRequest,
  AbilityResponse,
  AbilityTypes,
  AnyAbilities,
} from '../interfaces/abilities';
import type { ZoneInterfaceName, ZoneInterfaces } from '../interfaces/types';
import type { SandboxApplication, SandboxUrls } from './application/sandbox-application';
import type { SandboxClock } from './common/clock';
import type { Listener } from './common/emitter';
import { withInspection } from './common/inspection';
import type { ZoneEventContent, ZoneEventType } from './common/zone-events';
import { ControlService } from './control/control-service';
import type { CorpContent } from './corp/content';
import type { Corp } from './corp/corp';
import { generateCorp } from './corp/generate';
import type { SandboxFaults } from './faults/fault-book';
import type { InterfaceHandler } from './interfaces/interface';
import type { ZoneState } from './interfaces/zone-state';
import type { SandboxLogs } from './logs/sandbox-logs';
import type { CheckedOptions, ZoneSandboxOptions } from './options';
import { checkedSandboxOptions, programUrl } from './options';
import { Platform, type SandboxEvents } from './platform/platform';
import type { AsyncCallResult, CallResult } from './programs/call-result';
import { SandboxPrograms } from './programs/sandbox-programs';
import { SandboxWire } from './programs/sandbox-wire';
import type { SavedState } from './state/state-file';
import { loadedState, readState, savedState, writeState } from './state/state-file';
import type { SeenRequest } from './wire/seen-request';

let addEnding: (sandbox: ZoneSandbox, end: () => unknown) => void;
let keepDataOf: (sandbox: ZoneSandbox) => void;

/** Registers a function for `stop()` to call before it stops the sandbox, last registered first. For `withSandbox`; not exported by the package. */
export function endWith(sandbox: ZoneSandbox, end: () => unknown): void {
  addEnding(sandbox, end);
}

/** Keeps the data folders until the process ends. For `withSandbox`; not exported by the package. */
export function keepData(sandbox: ZoneSandbox): void {
  keepDataOf(sandbox);
}

/** Options of a call. */
export interface CallOptions {
  /** notify_id of the notification that the application responds to with this call. */
  readonly notifyId?: string;
  /** program_id of the program to call; the sandbox's own by default. */
  readonly programId?: string;
  /** corpid; the sandbox's by default. */
  readonly corpId?: string;
  /** agentid, 0 to 4294967295; the sandbox's by default. */
  readonly agentId?: number;
  /** Aborts the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of an asynchronous call. */
export type AsyncCallOptions = Omit<CallOptions, 'notifyId'>;

/**
 * A simulated platform of the zone, offline. It calls a program as the platform does, and serves the interfaces that the program
 * invokes, over real sockets and with real cryptography (docs/sandbox-protocol.md).
 *
 * It uses the sandbox's own protocol, which only the sandbox build of the SDK understands. It cannot talk to a program in the real
 * zone.
 *
 * @typeParam Abilities - an interface with the request and the response of each ability, as for `ZoneProgram`; it types `call` and
 * `callAsync`.
 *
 * @example
 * ```ts
 * await using sandbox = await ZoneSandbox.start();
 * const child = spawn('node', ['program.js'], { env: { ...process.env, ...sandbox.env } });
 * sandbox.programs.address = 'http://127.0.0.1:8080';
 * const { errcode, response } = await sandbox.call('chat_analysis', { days: 3 });
 * ```
 */
export class ZoneSandbox<Abilities extends AbilityTypes<Abilities> = AnyAbilities> {
  /** The programs that are called: addresses, environments, debug mode, abilities. */
  readonly programs: SandboxPrograms;
  /** The time of archive, tasks, learning, exports and expiries; a test may set it. */
  readonly clock: SandboxClock;
  /** The state of the platform: the corp, and one store for each family of interfaces. */
  readonly state: ZoneState;
  /** Fault injection: docs/guide/sandbox.md#faults. */
  readonly faults: SandboxFaults;
  /** The logs of the programs. */
  readonly logs: SandboxLogs;
  /** The encrypted messages: sealing, sending and opening them. */
  readonly wire: SandboxWire;
  /** The application on whose behalf the sandbox calls. */
  readonly application: SandboxApplication;
  /** The addresses on which the sandbox listens. */
  readonly urls: SandboxUrls;
  /**
   * Token with which the commands of `wework-spec` control this sandbox: `--url` with `urls.server`, and the variable
   * `WEWORK_SPEC_SANDBOX_TOKEN`.
   */
  readonly controlToken: string = randomBytes(32).toString('base64url');

  readonly #platform: Platform;
  readonly #endings: (() => unknown)[] = [];
  #stopped: Promise<void> | undefined;

  private constructor(options: CheckedOptions, content: CorpContent) {
    const platform = new Platform(options, content, (request, response) =>
      control.handle(request, response),
    );
    const { programs, protocols, events, link, sender } = platform;
    this.#platform = platform;
    this.clock = platform.clock;
    this.state = platform.state;
    this.faults = platform.faults;
    this.logs = platform.logs;
    this.programs = new SandboxPrograms({
      programs,
      protocols,
      events,
      urlOf: programUrl,
      envOf: (programId) => platform.envOf(programId),
    });
    this.wire = new SandboxWire({
      link,
      programs,
      sender,
      exchanges: () => platform.exchanges.entries,
      now: () => platform.now(),
    });
    this.application = {
      corpId: options.corpId,
      agentId: options.agentId,
      corpSecret: platform.corpSecret,
      get accessToken() {
        return platform.accessToken;
      },
      get notifications() {
        return platform.notifications.entries;
      },
    };
    this.urls = {
      get platform() {
        return platform.platformUrl;
      },
      get server() {
        return platform.serverUrl;
      },
    };
    const control = new ControlService(this, this.controlToken, () => platform.registry.names);
    // Without its token.
    withInspection(this, ({ urls, programs }) => ({
      server: urls.server,
      platform: urls.platform,
      program: programs.address?.href,
    }));
  }

  /**
   * Starts a platform with a new random key and its own corp.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_UNKNOWN_OPTION`; RangeError
   * `ERR_SPEC_OUT_OF_RANGE`; SandboxError `ERR_SANDBOX_STATE_READ`, `ERR_SANDBOX_STATE`, `ERR_SANDBOX_LISTEN`,
   * `ERR_SANDBOX_RUNTIME_DIR`, `ERR_SANDBOX_INSTALLATION`
   */
  static async start<Abilities extends AbilityTypes<Abilities> = AnyAbilities>(
    options: ZoneSandboxOptions = {},
  ): Promise<ZoneSandbox<Abilities>> {
    const checked = checkedSandboxOptions(options);
    const saved = checked.state === undefined ? undefined : await readState(checked.state);
    const content = saved?.content ?? generateCorp(checked.clock(), checked.corp);
    const sandbox = new ZoneSandbox<Abilities>(checked, content);
    if (saved !== undefined) sandbox.#platform.load(saved);
    await sandbox.#platform.listen();
    const { privateKeyEnv } = checked;
    if (privateKeyEnv !== undefined) {
      const { privateKeyPem } = await sandbox.corp.keyPair();
      sandbox.#platform.programVariables[privateKeyEnv] = privateKeyPem;
    }
    return sandbox;
  }

  static {
    addEnding = (sandbox, end) => void sandbox.#endings.push(end);
    keepDataOf = (sandbox) => sandbox.#platform.folders.keepData();
  }

  /**
   * Stops at once: ends the program that `withSandbox` started, and closes every connection. Calls in progress reject with
   * `ERR_SANDBOX_STOPPED`. Further calls have no effect.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** The same as `stop`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** The corp whose conversations the interfaces serve. */
  get corp(): Corp {
    return this.state.corp;
  }

  /** The environment of the sandbox's own program: `programs.env()`. It holds the key: do not log it. */
  get env(): Record<string, string> {
    return this.programs.env();
  }

  /**
   * All requests that passed through the sandbox, decrypted, in the order in which they ended: calls, asynchronous calls and events
   * sent to programs, interfaces that programs invoked, and server interfaces that the application called. A live view with the
   * limits of `wire.exchanges`.
   */
  get requests(): readonly SeenRequest[] {
    return this.#platform.requests.entries;
  }

  /**
   * Returns the state of the platform, for `ZoneSandbox.start({ state: file })` or `load`.
   *
   * It contains the private RSA keys of the sandbox's corp and all conversations: use it for test data only. It does not
   * contain replaced interfaces and models, limits and programs.
   *
   * @param file - a file to which the state is also written, as JSON.
   * @throws SandboxError `ERR_SANDBOX_STATE_WRITE`
   */
  async save(file?: string): Promise<SavedState> {
    const saved = savedState(this.corp.content, {
      time: this.clock.now(),
      keyPair: await this.corp.firstKeyPair(),
      stores: this.state.save(),
    });
    if (file !== undefined) await writeState(file, saved);
    return saved;
  }

  /**
   * Replaces the state with one that `save` returned or wrote; `reset` restores it from now on. The clock continues from the
   * time at which it was saved.
   *
   * @throws SandboxError `ERR_SANDBOX_STATE_READ`, `ERR_SANDBOX_STATE`; the present state then stays
   */
  async load(saved: string | SavedState): Promise<void> {
    this.#platform.load(typeof saved === 'string' ? await readState(saved) : loadedState(saved));
  }

  /**
   * Restores the state at start or at the last `load`, in a few milliseconds whatever the size of the corp: call it between
   * tests. Programs keep their addresses, and listeners stay. Everything else is discarded: messages, rules, tasks, requests
   * and logs, the clock's setting, faults, ability protocols, replaced interfaces and models, and the application's settings.
   */
  reset(): Promise<void> {
    return this.#platform.reset();
  }

  /**
   * Calls the program as an application does with `sync_call_program` (call_type 1, sync; P99811,
   * https://developer.work.weixin.qq.com/document/path/99811).
   *
   * @param request - the request data: a string is sent as it is, anything else as JSON.
   * @returns also when the call failed: see `CallResult.errcode`.
   * @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_UNKNOWN_PROGRAM`, `ERR_SANDBOX_REQUEST` or `ERR_SANDBOX_STOPPED`;
   * TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`; the signal's reason when it is aborted
   */
  call<Id extends AbilityId<Abilities>>(
    abilityId: Id,
    request: AbilityRequest<Abilities, Id>,
    options: CallOptions = {},
  ): Promise<CallResult<AbilityResponse<Abilities, Id>>> {
    const result = this.#platform.calls.sync({ ...options, abilityId, data: request });
    return result as Promise<CallResult<AbilityResponse<Abilities, Id>>>;
  }

  /**
   * Starts a job as an application does with `async_program_task` (call_type 1, async; P99812,
   * https://developer.work.weixin.qq.com/document/path/99812). The program responds at once and reports the result later, with
   * `program_async_job_call_back`.
   *
   * @param request - as for `call`.
   * @returns after the program's response: the jobid, and `result()`, which waits for the report. Also returns for a failed call:
   * see `AsyncCallResult.errcode`.
   * @throws the same errors as `call`.
   *
   * @example
   * ```ts
   * const job = await sandbox.callAsync('chat_analysis', { days: 3 });
   * const { response_errcode, response } = await job.result();
   * ```
   */
  callAsync<Id extends AbilityId<Abilities>>(
    abilityId: Id,
    request: AbilityRequest<Abilities, Id>,
    options: AsyncCallOptions = {},
  ): Promise<AsyncCallResult<AbilityResponse<Abilities, Id>>> {
    const result = this.#platform.calls.async({ ...options, abilityId, data: request });
    return result as Promise<AsyncCallResult<AbilityResponse<Abilities, Id>>>;
  }

  /**
   * Sends an event of the platform (call_type 2) to the program that receives events; see `programs.eventReceiver`.
   *
   * @param content - the event's object, as docs/interfaces.md#events describes it: without type and time.
   * @returns the outcome of the call; the platform ignores the content of the response.
   * @throws SandboxError `ERR_SANDBOX_UNKNOWN_EVENT`, `ERR_SANDBOX_EVENT`, `ERR_SANDBOX_NO_RECEIVER`, `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_STOPPED`.
   *
   * @example
   * ```ts
   * await sandbox.emit('conversation_new_message', { token: 't-1' });
   * ```
   */
  async emit<Type extends ZoneEventType>(
    eventType: Type,
    content: ZoneEventContent<Type>,
  ): Promise<CallResult> {
    const { result } = this.#platform.events.emit(eventType, content);
    if (result !== undefined) return result;
    throw sandboxError('ERR_SANDBOX_NO_RECEIVER');
  }

  /**
   * Adds or replaces the handler of an interface that programs can invoke. For a documented interface, the handler gets only
   * requests that pass the checks of its definition (docs/interfaces.md).
   *
   * @param handler - gets the request, and a context with the caller, the time and the `state`. It returns an object, or a string
   * that is sent unchanged. If it throws, the response has errcode -1, and the exchange has the exception as `error`.
   *
   * @example
   * ```ts
   * sandbox.use('get_group_chat', ({ chatid }, { state }) => ({
   *   errcode: 0,
   *   errmsg: 'ok',
   *   creator: state.corp.group(chatid)?.creator,
   * }));
   * ```
   */
  use<Name extends ZoneInterfaceName>(
    interfaceName: Name,
    handler: InterfaceHandler<ZoneInterfaces[Name]['request']>,
  ): this;
  /** Adds the handler of an interface that this version does not know; its requests are not checked. */
  use(interfaceName: string, handler: InterfaceHandler): this;
  use(interfaceName: string, handler: InterfaceHandler): this {
    this.#platform.registry.set(interfaceName, handler);
    return this;
  }

  /** Removes the handlers that `use` added and restores the built-in ones. `reset` does this, too. */
  resetHandlers(): this {
    this.#platform.registry.reset();
    return this;
  }

  /**
   * Adds an event listener, as in Node.js. An exception of a listener becomes an uncaught exception of the process.
   *
   * @example
   * ```ts
   * sandbox.on('request', ({ kind, name, code }) => console.log(kind, name, code));
   * ```
   */
  on<Name extends keyof SandboxEvents>(name: Name, listener: Listener<SandboxEvents[Name]>): this {
    this.#platform.emitter.on(name, listener);
    return this;
  }

  /** Adds a listener that is called once. */
  once<Name extends keyof SandboxEvents>(
    name: Name,
    listener: Listener<SandboxEvents[Name]>,
  ): this {
    this.#platform.emitter.once(name, listener);
    return this;
  }

  /** Removes a listener. */
  off<Name extends keyof SandboxEvents>(name: Name, listener: Listener<SandboxEvents[Name]>): this {
    this.#platform.emitter.off(name, listener);
    return this;
  }

  async #stop(): Promise<void> {
    try {
      for (const end of this.#endings.reverse()) await end();
    } finally {
      await this.#platform.stop();
    }
  }
}
