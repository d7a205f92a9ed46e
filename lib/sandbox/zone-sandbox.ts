import { randomBytes } from 'node:crypto';
import type { ZoneInterfaceName, ZoneInterfaces } from '../zone/interfaces';
import { BoundedList } from './bounded-list';
import type { AsyncCallResult, CallResult, JobResult, ProgramAnswer } from './call-result';
import { jobResultOf, resultOfAnswer, resultOfError } from './call-result';
import type { Corp } from './corp/corp';
import { seedCorp } from './corp/seed';
import { SandboxError } from './errors';
import type { InterfaceHandler } from './interfaces/interface';
import { InterfaceRegistry } from './interfaces/registry';
import type { AppNotification } from './interfaces/spec-notify-app';
import type { InterceptHook, InvokeExchange, InvokeFault } from './invoke-fault';
import { InvokeServer } from './invoke-server';
import type { CheckedOptions, ZoneSandboxOptions } from './options';
import { checkOptions, programUrl, text } from './options';
import { ProgramClient, stopped } from './program-client';
import type { SentEvent, ZoneEventContent, ZoneEventType } from './program-events';
import { ProgramEvents } from './program-events';
import type { ProgramCaller } from './program-jobs';
import { ProgramJobs } from './program-jobs';
import type {
  AnswerHeaders,
  AnswerOutcome,
  RequestFields,
  SealedRequest,
  Sender,
} from './program-message';
import { openAnswer, sealRequest } from './program-message';
import { Programs } from './programs';
import { SandboxKey } from './protocol/sandbox-key';

const KEPT_EXCHANGES = 1000;
const KEPT_EXCHANGE_BYTES = 64 * 1024 * 1024;
const KEPT_NOTIFICATIONS = 1000;

/** What a call may carry beside ability and request. */
export interface CallOptions {
  /** notify_id of a notification that the application answers with this call. */
  readonly notifyId?: string;
  /** program_id of the program to call; the sandbox's own by default. */
  readonly programId?: string;
  /** corpid; the sandbox's by default. */
  readonly corpId?: string;
  /** agentid, 0 to 4294967295; the sandbox's by default. */
  readonly agentId?: number;
  /** Gives the call up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What an asynchronous call may carry beside ability and request. */
export type AsyncCallOptions = Omit<CallOptions, 'notifyId'>;

/**
 * The zone's platform, offline: it calls a program as the platform would, and answers what the
 * program invokes, over real sockets and with real cryptography (docs/sandbox-protocol.md).
 *
 * It speaks the sandbox's own protocol, which only the sandbox build of the SDK understands; it
 * cannot talk to a program in the real zone.
 *
 * @example
 * ```ts
 * const sandbox = await ZoneSandbox.start();
 * const child = spawn('node', ['program.js'], { env: { ...process.env, ...sandbox.env } });
 * sandbox.program = 'http://127.0.0.1:8080';
 * const { errcode, response } = await sandbox.call('chat_analysis', { days: 3 });
 * await sandbox.stop();
 * ```
 */
export class ZoneSandbox {
  /** The corp whose conversations the interfaces serve. */
  readonly corp: Corp;
  /** The token that `SpecOpenDebugMode` must give. */
  readonly debugToken: string;

  readonly #options: CheckedOptions;
  readonly #key: SandboxKey;
  readonly #sender: Sender;
  readonly #registry: InterfaceRegistry;
  readonly #server: InvokeServer;
  readonly #client: ProgramClient;
  readonly #exchanges = new BoundedList<InvokeExchange>(KEPT_EXCHANGES, {
    limit: KEPT_EXCHANGE_BYTES,
    of: ({ requestBytes, responseBytes }) => requestBytes + responseBytes,
  });
  readonly #notifications = new BoundedList<AppNotification>(KEPT_NOTIFICATIONS);
  readonly #hooks = new Set<InterceptHook>();
  readonly #programs: Programs;
  readonly #jobs: ProgramJobs;
  readonly #events: ProgramEvents;
  #port = 0;
  #stopped: Promise<void> | undefined;

  private constructor(options: CheckedOptions) {
    this.#options = options;
    this.#programs = new Programs(options.programId);
    if (options.program !== undefined) this.#programs.set(options.programId, options.program);
    this.#key = SandboxKey.generate(options.keyVersion);
    this.#sender = {
      key: this.#key,
      corpId: options.corpId,
      agentId: options.agentId,
      window: options.window,
    };
    this.debugToken = options.debugToken ?? `debug-${randomBytes(16).toString('hex')}`;
    this.corp = seedCorp(options.clock(), options.corp);
    const call: ProgramCaller = (fields, target) => this.#callProgram(fields, target);
    this.#jobs = new ProgramJobs({ call, corpId: options.corpId, agentId: options.agentId });
    this.#events = new ProgramEvents({
      call,
      clock: options.clock,
      receiver: () => this.#programs.receiver,
    });
    this.#registry = new InterfaceRegistry(
      this.corp,
      (notification) => this.#notifications.push(notification),
      { answersExamples: options.examples, jobs: this.#jobs, events: this.#events },
    );
    this.#client = new ProgramClient(options);
    this.#server = new InvokeServer({
      key: this.#key,
      window: options.window,
      maxBodyBytes: options.maxBodyBytes,
      clock: options.clock,
      dispatch: (request, context) => this.#registry.dispatch(request, context),
      openDebugMode: (debugToken, accessToken) =>
        debugToken === this.debugToken && accessToken !== '',
      observe: (exchange) => this.#observe(exchange),
    });
  }

  /**
   * Starts a platform with a new random key and a corp of its own.
   *
   * @throws SandboxError `ERR_SANDBOX_OPTION`, `ERR_SANDBOX_LISTEN`.
   */
  static async start(options: ZoneSandboxOptions = {}): Promise<ZoneSandbox> {
    const sandbox = new ZoneSandbox(checkOptions(options));
    const { host, port } = sandbox.#options;
    sandbox.#port = await sandbox.#server.listen(host, port);
    return sandbox;
  }

  /**
   * Stops at once: closes every connection, calls in flight reject with `ERR_SANDBOX_STOPPED`.
   * Calling it again does nothing more.
   */
  stop(): Promise<void> {
    if (this.#stopped === undefined) {
      this.#client.close();
      this.#jobs.clear(stopped());
      this.#stopped = this.#server.close();
    }
    return this.#stopped;
  }

  /** Address of the program, or `undefined` as long as none was given. */
  get program(): URL | undefined {
    return this.#programs.get();
  }

  /** Takes an `http:` address; throws SandboxError `ERR_SANDBOX_OPTION`. */
  set program(address: string | URL) {
    this.#programs.set(this.programId, programUrl(address));
  }

  /** program_id of that program. */
  get programId(): string {
    return this.#programs.ownId;
  }

  /**
   * Adds another program of the app, or moves one to another address. All programs share `sandbox.env`.
   *
   * @throws SandboxError `ERR_SANDBOX_OPTION` when the address is none.
   */
  addProgram(programId: string, address: string | URL): void {
    this.#programs.set(text('programId', programId), programUrl(address));
  }

  /**
   * program_id of the program that receives events, as the application sets it with `set_receive_callback` (P99850,
   * https://developer.work.weixin.qq.com/document/path/99850). A sandbox starts as if it had done so for the own program; on the
   * platform no program receives events before. `undefined`: none does.
   */
  get eventReceiver(): string | undefined {
    return this.#programs.receiver;
  }

  /** Takes the program_id of a program that the sandbox knows; throws SandboxError `ERR_SANDBOX_NO_PROGRAM`. */
  set eventReceiver(programId: string | undefined) {
    if (programId !== undefined && !this.#programs.has(programId)) {
      // Says what is missing.
      this.#programs.address(programId);
    }
    this.#programs.receiver = programId;
  }

  /** corpid of the requests. */
  get corpId(): string {
    return this.#options.corpId;
  }

  /** agentid of the requests. */
  get agentId(): number {
    return this.#options.agentId;
  }

  /** The platform's address, `https://host:port`: `WEWORK_SPEC_SANDBOX_PLATFORM`. */
  get platform(): string {
    const { host } = this.#options;
    // Nobody can connect to "every address"; a program on another machine needs its own choice.
    const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    return `https://${name.includes(':') ? `[${name}]` : name}:${this.#port}`;
  }

  /**
   * The environment that a program needs to talk to this sandbox: `WEWORK_SPEC_SDK=sandbox`, the
   * shared key, its version, the platform's address and the time window (section 9 of
   * docs/sandbox-protocol.md). The time-out and the log are left to whoever starts the program.
   *
   * It holds the key: do not log it.
   */
  get env(): Record<string, string> {
    return {
      WEWORK_SPEC_SDK: 'sandbox',
      WEWORK_SPEC_SANDBOX_KEY: this.#key.toBase64(),
      WEWORK_SPEC_SANDBOX_KEY_VER: String(this.#key.version),
      WEWORK_SPEC_SANDBOX_PLATFORM: this.platform,
      WEWORK_SPEC_SANDBOX_WINDOW: String(this.#options.window),
    };
  }

  /**
   * What programs invoked, decrypted, oldest first. Only authentic calls are here. A live view.
   *
   * The last 1000 are kept, fewer when their requests and responses are large: together no more than
   * 64 MiB, in UTF-8. The newest one is always kept.
   */
  get exchanges(): readonly InvokeExchange[] {
    return this.#exchanges.entries;
  }

  /** What `spec_notify_app` would have told the application, oldest first; the last 1000. */
  get notifications(): readonly AppNotification[] {
    return this.#notifications.entries;
  }

  /**
   * Calls the program as an application does with `sync_call_program` (call_type 1, sync; P99811,
   * https://developer.work.weixin.qq.com/document/path/99811).
   *
   * @param request - the request data: a text is sent as it is, anything else as JSON.
   * @returns also when the call failed: see `CallResult.errcode`.
   * @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_REQUEST`, `ERR_SANDBOX_OPTION` or
   * `ERR_SANDBOX_STOPPED`; the signal's reason when it is aborted.
   */
  async call(abilityId: string, request: unknown, options: CallOptions = {}): Promise<CallResult> {
    const { signal, programId, ...fields } = options;
    return this.#callProgram(
      { ...fields, abilityId, data: request },
      { ...(programId === undefined ? {} : { programId }), ...(signal && { signal }) },
    );
  }

  /**
   * Starts a job as an application does with `async_program_task` (call_type 1, async; P99812,
   * https://developer.work.weixin.qq.com/document/path/99812). The program answers at once and reports later, with
   * `program_async_job_call_back`.
   *
   * @param request - as for `call`.
   * @returns when the program has answered: the jobid, and a promise of what it reports. Also when the call failed: see
   * `AsyncCallResult.errcode`.
   * @throws as `call`.
   */
  async callAsync(
    abilityId: string,
    request: unknown,
    options: AsyncCallOptions = {},
  ): Promise<AsyncCallResult> {
    const { jobid, delivered, reported } = this.#jobs.start({
      ...options,
      kind: 'async_program_task',
      abilityId,
      data: request,
    });
    const { errcode, errmsg, details } = await delivered;
    if (errcode === 0) {
      const result = reported.then(jobResultOf);
      result.catch(() => {});
      return { errcode, errmsg, jobid, result, details };
    }
    const result: JobResult = {
      errcode,
      errmsg,
      response_errcode: 0,
      response_data: '',
      response: undefined,
    };
    return { errcode, errmsg, jobid: '', result: Promise.resolve(result), details };
  }

  /**
   * Sends an event (call_type 2) to the program that receives them; see `eventReceiver`.
   *
   * @param content - the event's object, as docs/interfaces.md#events describes it: without type and time.
   * @returns how the program has answered; the answer's content means nothing to the platform.
   * @throws SandboxError `ERR_SANDBOX_EVENT`, `ERR_SANDBOX_NO_RECEIVER`, `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_STOPPED`.
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
    const { result } = this.#events.emit(eventType, content);
    if (result !== undefined) return result;
    throw new SandboxError(
      'ERR_SANDBOX_NO_RECEIVER',
      'No program receives events. Call set_receive_callback as the application, or set sandbox.eventReceiver.',
    );
  }

  /** The last 1000 events that the platform has sent or had nobody to send to, oldest first; a live view. */
  get events(): readonly SentEvent[] {
    return this.#events.sent;
  }

  /**
   * Adds or replaces an interface that programs can invoke. Requests for a documented one reach the
   * handler when they have passed the checks of its definition (docs/interfaces.md).
   *
   * @param handler - answers an object, or a text that is sent as it is; what it throws becomes
   * errcode -1 and stands in `exchanges` as `error`.
   */
  on<Name extends ZoneInterfaceName>(
    interfaceName: Name,
    handler: InterfaceHandler<ZoneInterfaces[Name]['request']>,
  ): this;
  on(interfaceName: string, handler: InterfaceHandler): this;
  on(interfaceName: string, handler: InterfaceHandler): this {
    this.#registry.set(interfaceName, handler);
    return this;
  }

  /**
   * Lets exchanges on the invoke side fail. The hook sees every authentic exchange before it is
   * answered; of several hooks, the first that returns a fault decides. A hook that throws makes the
   * platform answer with status 500.
   *
   * @returns a function that removes the hook.
   */
  intercept(hook: InterceptHook): () => void {
    // A wrapper of its own, so that the same function may be used twice.
    const entry: InterceptHook = (exchange) => hook(exchange);
    this.#hooks.add(entry);
    return () => {
      this.#hooks.delete(entry);
    };
  }

  /**
   * Seals a request without sending it: for `send`, or for a `SpecCallbackSDK` right away.
   *
   * @throws SandboxError `ERR_SANDBOX_REQUEST`, `ERR_SANDBOX_OPTION`.
   */
  sealRequest(fields: RequestFields = {}): SealedRequest {
    return sealRequest(this.#sender, fields, this.#now());
  }

  /**
   * Sends a sealed request to the program exactly as it is, tampered with or not.
   *
   * @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_STOPPED`, `ERR_SANDBOX_CONNECT`,
   * `ERR_SANDBOX_CUT`, `ERR_SANDBOX_TIMEOUT`, `ERR_SANDBOX_ANSWER_SIZE`; the signal's reason when it
   * is aborted.
   */
  async send(request: SealedRequest, signal?: AbortSignal): Promise<ProgramAnswer> {
    return this.#send(this.#programs.address(), request, signal);
  }

  /** Verifies and decrypts an answer, as `BuildResponseHeaderBody` makes it, to a sealed request. */
  openAnswer(
    request: SealedRequest,
    headers: AnswerHeaders,
    body: string | Uint8Array,
  ): AnswerOutcome {
    return openAnswer(this.#sender, request, headers, body, this.#now());
  }

  async #callProgram(
    fields: RequestFields,
    { programId, signal }: { readonly programId?: string; readonly signal?: AbortSignal } = {},
  ): Promise<CallResult> {
    const sealed = this.sealRequest(fields);
    const address = this.#programs.address(programId);
    const start = performance.now();
    try {
      const answer = await this.#send(address, sealed, signal);
      return resultOfAnswer(sealed, answer, performance.now() - start);
    } catch (error) {
      const result =
        error instanceof SandboxError
          ? resultOfError(sealed, error, performance.now() - start)
          : undefined;
      if (result === undefined) throw error;
      return result;
    }
  }

  async #send(address: URL, request: SealedRequest, signal?: AbortSignal): Promise<ProgramAnswer> {
    const answer = await this.#client.send(address, request, signal);
    return { ...answer, outcome: this.openAnswer(request, answer.headers, answer.body) };
  }

  async #observe(exchange: InvokeExchange): Promise<InvokeFault | undefined> {
    const entry: { -readonly [Name in keyof InvokeExchange]: InvokeExchange[Name] } = {
      ...exchange,
    };
    this.#exchanges.push(entry);
    try {
      for (const hook of this.#hooks) {
        const fault = await hook(entry);
        if (fault) return fault;
      }
    } catch (error) {
      entry.error = error;
      return { status: 500 };
    }
    return undefined;
  }

  #now(): number {
    return Math.floor(this.#options.clock() / 1000);
  }
}
