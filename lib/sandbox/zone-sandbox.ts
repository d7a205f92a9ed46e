import { randomBytes } from 'node:crypto';
import type { ZoneInterfaceName, ZoneInterfaces } from '../interfaces/types';
import { AbilityProtocols, type AbilityProtocol } from './programs/ability-protocols';
import { type AnswerHeaders, lowerCaseNames } from './wire/answer-headers';
import { AccessTokens } from './application/access-tokens';
import { ApplicationServer, type ServerExchange } from './application/application-server';
import { ApplicationCalls } from './application/calls';
import { CorpSettings } from './application/corp-settings';
import { Notifications } from './application/notifications';
import type { AppNotification } from './common/app-notification';
import { BoundedList } from './common/bounded-list';
import type { AsyncCallResult, CallResult, ProgramAnswer } from './programs/call-result';
import { SandboxClock } from './common/clock';
import type { Corp } from './corp/corp';
import type { CorpContent, Message } from './corp/content';
import { generateCorp } from './corp/generate';
import { ControlService } from './control/control-service';
import { sandboxError } from '../errors';
import type { EventFaultRule, FaultRule } from './faults/fault';
import { type Fault, FaultBook } from './faults/fault-book';
import { invokeFaultOf, isInstead } from './faults/invoke';
import type { InterfaceHandler, InvokeCall } from './interfaces/interface';
import { type Dispatched, InterfaceRegistry } from './interfaces/registry';
import type { InterceptHook, InvokeExchange, InvokeFault } from './faults/invoke-fault';
import { InvokeServer } from './interfaces/invoke-server';
import { LogCollector } from './logs/log-collector';
import type { LogRecord } from './logs/log-record';
import type { LogQuery } from './logs/log-ring';
import type { CheckedOptions, ZoneSandboxOptions } from './options';
import { checkOptions, httpUrl, text } from './options';
import { ProgramClient, stopped } from './wire/program-client';
import type { SentEvent } from './programs/program-events';
import type { ZoneEventContent, ZoneEventType } from './common/zone-events';
import { ProgramEvents } from './programs/program-events';
import { ProgramJobs, type SavedJob } from './programs/program-jobs';
import { ProgramLink } from './programs/program-link';
import type { AnswerOutcome, RequestFields, SealedRequest, Sender } from './wire/program-message';
import { openAnswer } from './wire/program-message';
import { type LogLevel, Programs } from './programs/programs';
import { PATH, RET } from './protocol/constants';
import { SandboxKey } from './protocol/sandbox-key';
import { ZoneState } from './state/state';
import type { LoadedState, SavedState } from './state/state-file';
import { loadedState, readState, savedState, writeState } from './state/state-file';
import type { SeenRequest } from './wire/seen-request';

const KEPT_EXCHANGES = 1000;
const KEPT_EXCHANGE_BYTES = 64 * 1024 * 1024;
// A debug token is good for three days (the debug guide).
const DEBUG_TOKEN_MS = 3 * 86_400_000;

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
  /** The time by which archive, tasks, learning, exports and expiries go; a test may set it. */
  readonly clock: SandboxClock;
  /** Everything that the platform knows. */
  readonly state: ZoneState;
  /** The secret that `gettoken` asks for. */
  readonly corpSecret: string;
  /** With it, and `serverUrl`, the commands of `wework-spec` reach this sandbox: `WEWORK_SPEC_SANDBOX_TOKEN`. */
  readonly controlToken: string = randomBytes(32).toString('base64url');

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
  readonly #requests = new BoundedList<SeenRequest>(KEPT_EXCHANGES, {
    limit: KEPT_EXCHANGE_BYTES,
    of: ({ request, response }) => request.length + response.length,
  });
  readonly #notifications: Notifications;
  readonly #faults = new FaultBook();
  readonly #protocols = new AbilityProtocols();
  readonly #tokens = new AccessTokens();
  readonly #calls: ApplicationCalls;
  readonly #logs: LogCollector;
  readonly #link: ProgramLink;
  readonly #application: ApplicationServer;
  readonly #startedAt: number;
  readonly #hooks = new Set<InterceptHook>();
  readonly #programs: Programs;
  readonly #jobs: ProgramJobs;
  readonly #events: ProgramEvents;
  #jobsAtStart: readonly SavedJob[] = [];
  #port = 0;
  #serverPort = 0;
  #stopped: Promise<void> | undefined;

  private constructor(options: CheckedOptions, content: CorpContent) {
    this.#options = options;
    this.#programs = new Programs(options.programId, options.debugToken);
    if (options.program !== undefined) this.#programs.set(options.programId, options.program);
    this.#programs.setDebugServer(options.programId, options.debugServer);
    this.#key = SandboxKey.generate(options.keyVersion);
    this.#sender = {
      key: this.#key,
      corpId: options.corpId,
      agentId: options.agentId,
      window: options.window,
    };
    this.corpSecret = options.corpSecret ?? randomBytes(32).toString('base64url');
    this.clock = new SandboxClock(options.clock);
    this.#startedAt = this.clock.now();
    const clock = (): number => this.clock.now();
    this.#notifications = new Notifications(options);
    this.#client = new ProgramClient(options);
    this.#link = new ProgramLink({
      sender: this.#sender,
      client: this.#client,
      timeout: options.timeout,
      now: () => this.#now(),
    });
    this.#jobs = new ProgramJobs({
      call: (fields, target) => this.#callProgram(fields, target),
      corpId: options.corpId,
      agentId: options.agentId,
      checkResult: (abilityId, result) => this.#protocols.checkOutput(abilityId, result),
    });
    this.#events = new ProgramEvents({
      call: (fields, { programId, fault }) =>
        this.#callProgram(fields, { programId, event: fault }),
      fault: (eventType) => this.#faults.take('event', eventType),
      clock,
      receiver: () => this.#programs.receiver,
    });
    this.#calls = new ApplicationCalls({
      call: (fields, target) => this.#callProgram(fields, target),
      jobs: this.#jobs,
      protocols: this.#protocols,
      notifications: this.#notifications,
      clock,
    });
    this.#logs = new LogCollector({
      ...options.logs,
      clock,
      levelOf: (programId) => this.#programs.logLevel(programId),
    });
    this.state = new ZoneState({
      content,
      clock: this.clock,
      limits: options.limits,
      models: options.models,
      emit: (type, event) => void this.#events.emit(type, event),
    });
    this.#registry = new InterfaceRegistry({
      state: this.state,
      jobs: this.#jobs,
      programs: this.#programs,
      protocols: this.#protocols,
      notify: (notification) => this.#notifications.push(notification),
      answersExamples: options.examples,
    });
    this.#server = new InvokeServer({
      key: this.#key,
      window: options.window,
      maxBodyBytes: options.maxBodyBytes,
      clock: options.clock,
      dispatch: (request, call) => this.#dispatch(request, { ...call, now: this.clock.now() }),
      openDebugMode: (debugToken, accessToken) => this.#openDebugMode(debugToken, accessToken),
      observe: (exchange) => this.#observe(exchange),
    });
    const control = new ControlService(this, this.controlToken);
    this.#application = new ApplicationServer({
      platform: {
        corpId: options.corpId,
        corpSecret: this.corpSecret,
        appType: options.appType,
        calls: this.#calls,
        jobs: this.#jobs,
        programs: this.#programs,
        tokens: this.#tokens,
        state: this.state,
        settings: new CorpSettings(this.state, this.#startedAt),
        programOfDebugToken: (token) => this.#programOfDebugToken(token),
        setLogLevel: (programId, level) => this.setLogLevel(level, programId),
      },
      maxBodyBytes: options.maxBodyBytes,
      clock,
      fault: (path) => this.#faults.take('server', path),
      observe: (exchange) => this.#observeServer(exchange),
      other: (request, response) => control.handle(request, response),
    });
  }

  /**
   * Starts a platform with a new random key and a corp of its own.
   *
   * @throws SandboxError `ERR_SANDBOX_OPTION`, `ERR_SANDBOX_STATE`, `ERR_SANDBOX_LISTEN`, `ERR_SANDBOX_INSTALLATION`.
   */
  static async start(options: ZoneSandboxOptions = {}): Promise<ZoneSandbox> {
    const checked = checkOptions(options);
    const saved = checked.state === undefined ? undefined : await readState(checked.state);
    const content = saved?.content ?? generateCorp(checked.clock(), checked.corp);
    const sandbox = new ZoneSandbox(checked, content);
    if (saved !== undefined) sandbox.#restore(saved);
    const { host, port, serverPort } = checked;
    try {
      sandbox.#port = await sandbox.#server.listen(host, port);
      sandbox.#serverPort = await sandbox.#application.listen(host, serverPort);
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
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
      this.clock.clear();
      this.#events.clear();
      this.#stopped = Promise.all([
        this.#server.close(),
        this.#application.close(),
        this.#logs.close(),
      ]).then(() => {});
    }
    return this.#stopped;
  }

  /** Address of the program, or `undefined` as long as none was given. */
  get program(): URL | undefined {
    return this.#programs.get();
  }

  /** Takes an `http:` address; throws SandboxError `ERR_SANDBOX_OPTION`. */
  set program(address: string | URL) {
    this.#programs.set(this.programId, httpUrl('program', address));
  }

  /** program_id of that program. */
  get programId(): string {
    return this.#programs.ownId;
  }

  /**
   * Adds another program of the app, or moves one to another address. Its environment is `envOf(programId)`.
   *
   * @throws SandboxError `ERR_SANDBOX_OPTION` when the address is none.
   */
  addProgram(programId: string, address: string | URL): void {
    this.#programs.set(text('programId', programId), httpUrl('program', address));
  }

  /**
   * The token that `SpecOpenDebugMode` and `open_debug_mode` must give to open the own program's debug mode; good for three
   * days of the sandbox's clock.
   */
  get debugToken(): string {
    return this.debugTokenOf(this.programId);
  }

  /** The same of another program. @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`. */
  debugTokenOf(programId: string): string {
    return this.#programs.debugToken(programId);
  }

  /**
   * Where calls and events go while the program is in debug mode, in place of its address (接收事件服务器 of the debug guide,
   * https://developer.work.weixin.qq.com/document/path/100086). `undefined`: to its address.
   */
  get debugServer(): URL | undefined {
    return this.#programs.debugServer(this.programId);
  }

  /** Takes an `http:` address; throws SandboxError `ERR_SANDBOX_OPTION`. */
  set debugServer(address: string | URL | undefined) {
    this.setDebugServer(this.programId, address);
  }

  /** The same for another program. @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_OPTION`. */
  setDebugServer(programId: string, address: string | URL | undefined): void {
    const url = address === undefined ? undefined : httpUrl('debugServer', address);
    this.#programs.setDebugServer(programId, url);
  }

  /** Whether application and program have both opened debug mode, with `open_debug_mode` and `SpecOpenDebugMode`. */
  isInDebugMode(programId: string = this.programId): boolean {
    return this.#programs.isInDebugMode(programId);
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
      this.#programs.destination(programId);
    }
    this.#programs.receiver = programId;
  }

  /** The corp whose conversations the interfaces serve. */
  get corp(): Corp {
    return this.state.corp;
  }

  /**
   * Archives a text that somebody says; `corp.addMessage` takes other messages. Keyword rules see it, and the program that
   * receives events gets `conversation_new_message`.
   *
   * @param where - `to`: whom, in a single chat; or `chatid`.
   * @throws SandboxError `ERR_SANDBOX_OPTION`.
   */
  say(
    from: string,
    where: { readonly to: string } | { readonly chatid: string },
    text: string,
  ): Message {
    return this.state.say(from, where, text);
  }

  /**
   * Writes everything that the platform knows into one JSON file, for `ZoneSandbox.start({ state: file })` or `load`.
   *
   * The file holds the private RSA keys of the sandbox's corp, and what everybody said: it is for test data alone. Replaced
   * interfaces and models, limits and programs are not in it.
   *
   * @throws SandboxError `ERR_SANDBOX_STATE`.
   */
  async save(file: string): Promise<void> {
    await writeState(file, await this.saveState());
  }

  /**
   * Takes a state that `save` has written, in place of the present one; `reset` goes back to it from now on. The clock goes on
   * from the time at which it was saved.
   *
   * @throws SandboxError `ERR_SANDBOX_STATE`; the present state then stays.
   */
  async load(file: string): Promise<void> {
    this.#replace(await readState(file));
  }

  /** What `save` writes, as an object. */
  async saveState(): Promise<SavedState> {
    const keyPair = await this.corp.firstKeyPair();
    return savedState(this.corp.content, {
      time: this.clock.now(),
      keyPair,
      state: this.state.save(),
      jobs: this.#jobs.save(),
    });
  }

  /** As `load`, with what `saveState` has given. @throws SandboxError `ERR_SANDBOX_STATE`. */
  loadState(saved: SavedState): void {
    this.#replace(loadedState(saved));
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
    return `https://${this.#host}:${this.#port}`;
  }

  /**
   * Base URL of the server interfaces, `http://host:port`: what an application has in place of
   * `https://qyapi.weixin.qq.com` (docs/server-interfaces.md).
   */
  get serverUrl(): string {
    return `http://${this.#host}:${this.#serverPort}`;
  }

  /**
   * An access token of the application: good for two hours of the sandbox's clock, and the same one as long as it is
   * good. Over HTTP, `gettoken` gives it (P91039, https://developer.work.weixin.qq.com/document/path/91039).
   */
  get accessToken(): string {
    return this.#tokens.get(this.clock.now()).token;
  }

  /**
   * The environment that a program needs to talk to this sandbox: `WEWORK_SPEC_SDK=sandbox`, the
   * shared key, its version, the platform's address, the time window, and where the log is collected (section 9 of
   * docs/sandbox-protocol.md). The time-out and the program's own output are left to whoever starts the program.
   *
   * It holds the key: do not log it.
   */
  get env(): Record<string, string> {
    return this.envOf(this.programId);
  }

  /** The environment of another program: its log is collected under its own program_id. */
  envOf(programId: string): Record<string, string> {
    return {
      WEWORK_SPEC_SDK: 'sandbox',
      WEWORK_SPEC_SANDBOX_KEY: this.#key.toBase64(),
      WEWORK_SPEC_SANDBOX_KEY_VER: String(this.#key.version),
      WEWORK_SPEC_SANDBOX_PLATFORM: this.platform,
      WEWORK_SPEC_SANDBOX_WINDOW: String(this.#options.window),
      WEWORK_SPEC_SANDBOX_LOG_COLLECT: this.#logs.fileFor(programId),
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

  /**
   * Everything that went through the sandbox, decrypted: calls, tasks and events that programs were sent, what they invoked, and
   * what the application called, in the order in which it ended. A live view; bounded as `exchanges` is.
   */
  get requests(): readonly SeenRequest[] {
    return this.#requests.entries;
  }

  /** What `spec_notify_app` has told the application, oldest first; the last 1000. */
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
  call(abilityId: string, request: unknown, options: CallOptions = {}): Promise<CallResult> {
    return this.#calls.sync({ ...options, abilityId, data: request });
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
  callAsync(
    abilityId: string,
    request: unknown,
    options: AsyncCallOptions = {},
  ): Promise<AsyncCallResult> {
    return this.#calls.async({ ...options, abilityId, data: request });
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
    throw sandboxError('ERR_SANDBOX_NO_RECEIVER');
  }

  /** The last 1000 events that the platform has sent or had nobody to send to, oldest first; a live view. */
  get events(): readonly SentEvent[] {
    return this.#events.sent;
  }

  /**
   * Adds or replaces an interface that programs can invoke. Requests for a documented one reach the
   * handler when they have passed the checks of its definition (docs/interfaces.md).
   *
   * @param handler - gets the request, and a context with who calls, the time and the `state`. It answers an object, or a text
   * that is sent as it is; what it throws becomes errcode -1 and stands in `exchanges` as `error`.
   *
   * @example
   * ```ts
   * sandbox.on('get_group_chat', ({ chatid }, { state }) => ({
   *   errcode: 0,
   *   errmsg: 'ok',
   *   creator: state.corp.group(chatid)?.creator,
   * }));
   * ```
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
   * Sets what an ability takes and gives. Calls, answers and reports that do not fit get 710647, 790013 or 790014, as on the
   * platform; see `AbilityProtocol` for what a template is.
   *
   * @throws SandboxError `ERR_SANDBOX_OPTION`.
   *
   * @example
   * ```ts
   * sandbox.defineAbility('chat_analysis', { input: { days: 1 }, output: { errcode: 0, senders: {} } });
   * ```
   */
  defineAbility(abilityId: string, protocol: AbilityProtocol): this {
    this.#protocols.set(abilityId, protocol);
    return this;
  }

  /**
   * Lets something go wrong: counted, or with a probability, until it is removed. docs/sandbox.md#faults has what there is,
   * and what program and application see of it.
   *
   * @throws SandboxError `ERR_SANDBOX_FAULT`.
   *
   * @example
   * ```ts
   * sandbox.fault({ interface: 'sync_msg', errcode: 45009, times: 2 });
   * sandbox.fault({ direction: 'answer', badSignature: true, probability: 0.1, seed: 7 });
   * ```
   */
  fault(rule: FaultRule): Fault {
    return this.#faults.add(rule);
  }

  /** The faults that were not removed. */
  get faults(): readonly Fault[] {
    return this.#faults.faults;
  }

  /**
   * Searches the logs of the programs, up to what they have written just now.
   *
   * @returns the newest 1000, or `limit`, of those that fit, oldest first.
   */
  logs(query: LogQuery = {}): Promise<LogRecord[]> {
    return this.#logs.search(query);
  }

  /** How many log records of a program were dropped because it wrote more than 1 GB in an hour. */
  droppedLogs(programId: string = this.programId): number {
    return this.#logs.dropped(programId);
  }

  /** Which records of a program are collected from now on, as `set_log_level` sets it (P100106): 1 ERR, 2 and INFO, 3 and DBG. */
  async setLogLevel(level: LogLevel, programId: string = this.programId): Promise<void> {
    // What was written until now belongs to the former level.
    await this.#logs.collect();
    this.#programs.setLogLevel(programId, level);
  }

  /**
   * Back to the state at start, in a few milliseconds however large the corp is, but for the programs' addresses: for between
   * tests. Forgets messages, rules, tasks, what was seen and logged, the clock's setting, faults, hooks, ability protocols,
   * replaced interfaces and models, and what the application has set.
   */
  async reset(): Promise<void> {
    this.#forget();
    this.state.reset();
    this.#jobs.load(this.#jobsAtStart);
    await this.#logs.clear();
  }

  /**
   * Lets exchanges on the invoke side fail in ways of the wire; `fault` is the simpler way to most of it. The hook sees every
   * authentic exchange before it is answered; of several hooks, the first that returns a fault decides. A hook that throws makes the
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
    return this.#link.seal(fields);
  }

  /**
   * Sends a sealed request to the program exactly as it is, tampered with or not.
   *
   * @throws SandboxError `ERR_SANDBOX_NO_PROGRAM`, `ERR_SANDBOX_STOPPED`, `ERR_SANDBOX_CONNECT`,
   * `ERR_SANDBOX_CUT`, `ERR_SANDBOX_TIMEOUT`, `ERR_SANDBOX_ANSWER_SIZE`, `ERR_SANDBOX_OPTION` for a method or header
   * that HTTP does not allow; the signal's reason when it is aborted.
   */
  async send(request: SealedRequest, signal?: AbortSignal): Promise<ProgramAnswer> {
    return this.#link.send(this.#programs.destination(), request, { signal });
  }

  /** Verifies and decrypts an answer, as `BuildResponseHeaderBody` makes it, to a sealed request. */
  openAnswer(
    request: SealedRequest,
    headers: AnswerHeaders,
    body: string | Uint8Array,
  ): AnswerOutcome {
    return openAnswer(this.#sender, request, lowerCaseNames(headers), body, this.#now());
  }

  #forget(): void {
    this.#faults.clear();
    this.#hooks.clear();
    this.#protocols.clear();
    this.#events.clear();
    this.#jobs.clear();
    this.#exchanges.clear();
    this.#requests.clear();
    this.#notifications.clear();
    this.#programs.reset();
    this.#registry.reset();
  }

  #replace(state: LoadedState): void {
    this.#forget();
    this.#restore(state);
  }

  #restore({ time, content, data, keyPair, jobs }: LoadedState): void {
    this.clock.startFrom(time);
    this.state.load(content, data);
    this.corp.setFirstKeyPair(keyPair);
    this.#jobsAtStart = jobs;
    this.#jobs.load(jobs);
  }

  async #callProgram(
    fields: RequestFields,
    {
      programId,
      signal,
      event,
    }: {
      readonly programId?: string;
      readonly signal?: AbortSignal;
      readonly event?: EventFaultRule | undefined;
    } = {},
  ): Promise<CallResult> {
    const abilityId = fields.abilityId ?? '';
    const isEvent = fields.callType === 2;
    const request = isEvent ? event : this.#faults.take('request', abilityId);
    const sealed = this.#link.seal(fields, request);
    const address = this.#programs.destination(programId);
    const answer = isEvent ? undefined : this.#faults.take('answer', abilityId);
    const time = this.clock.now();
    const result = await this.#link.call(address, sealed, { signal, request, answer });
    this.#requests.push({
      kind: isEvent ? 'event' : fields.isAsync ? 'task' : 'call',
      name: isEvent ? eventTypeOf(fields.data) : abilityId,
      request: String(fields.data),
      response: result.response_data,
      code: result.errcode,
      time,
    });
    return result;
  }

  async #dispatch(request: string, context: InvokeCall): Promise<Dispatched> {
    const rule = this.#faults.take('invoke', context.interfaceName);
    if (rule === undefined) return this.#registry.dispatch(request, context);
    const fault = invokeFaultOf(rule, { keyVersion: this.#key.version, now: this.#now() });
    if (isInstead(rule)) return { ret: fault.ret ?? RET.ok, response: fault.response ?? '', fault };
    return { ...(await this.#registry.dispatch(request, context)), fault };
  }

  #openDebugMode(debugToken: string, accessToken: string): Pick<Dispatched, 'ret' | 'fault'> {
    const rule = this.#faults.take('invoke', '');
    const fault = rule && invokeFaultOf(rule, { keyVersion: this.#key.version, now: this.#now() });
    // -10008 is what the platform's table gives for an expired debug mode (P100052).
    const programId = this.#programOfDebugToken(debugToken);
    const isGood = programId !== undefined && this.#isAccessToken(accessToken);
    if (isGood && rule === undefined) this.#programs.openDebugMode(programId, 'program');
    return { ret: isGood ? RET.ok : RET.keyVersion, ...(fault && { fault }) };
  }

  #programOfDebugToken(token: string): string | undefined {
    const isGood = this.clock.now() - this.#startedAt <= DEBUG_TOKEN_MS;
    return isGood ? this.#programs.ofDebugToken(token) : undefined;
  }

  #isAccessToken(token: string): boolean {
    try {
      this.#tokens.check(token, this.clock.now());
      return true;
    } catch {
      return false;
    }
  }

  #observeServer({ path, request, response, errcode, time }: ServerExchange): void {
    this.#requests.push({ kind: 'server', name: path, request, response, code: errcode, time });
  }

  get #host(): string {
    const { host } = this.#options;
    // Nobody can connect to "every address"; a program on another machine needs its own choice.
    const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    return name.includes(':') ? `[${name}]` : name;
  }

  async #observe(exchange: InvokeExchange): Promise<InvokeFault | undefined> {
    const entry: { -readonly [Name in keyof InvokeExchange]: InvokeExchange[Name] } = {
      ...exchange,
    };
    this.#exchanges.push(entry);
    if (exchange.path === PATH.invoke) {
      const { interfaceName: name, request, response, ret: code, time } = exchange;
      this.#requests.push({ kind: 'invoke', name, request, response, code, time });
    }
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

function eventTypeOf(data: unknown): string {
  return (JSON.parse(String(data)) as { event_type: string }).event_type;
}
