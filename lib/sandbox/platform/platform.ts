import { randomBytes } from 'node:crypto';
import { AccessTokens } from '../application/access-tokens';
import {
  ApplicationServer,
  type OtherService,
  type ServerExchange,
} from '../application/application-server';
import { ApplicationCalls } from '../application/calls';
import { CorpSettings } from '../application/corp-settings';
import { Notifications } from '../application/notifications';
import { BoundedList } from '../common/bounded-list';
import { SandboxClock } from '../common/clock';
import { Emitter } from '../common/emitter';
import type { CorpContent } from '../corp/content';
import type { EventFaultRule, InvokeFailure } from '../faults/fault';
import { FaultBook } from '../faults/fault-book';
import { isInstead, resultFaultOf } from '../faults/invoke';
import type { AppNotification } from '../interfaces/notifications/app-notification';
import { InterfaceRegistry } from '../interfaces/registry';
import { ZoneState } from '../interfaces/zone-state';
import { LogCollector } from '../logs/log-collector';
import type { LogRecord } from '../logs/log-record';
import { SandboxLogs } from '../logs/sandbox-logs';
import type { CheckedOptions } from '../options';
import { AbilityProtocols } from '../programs/ability-protocols';
import type { CallResult } from '../programs/call-result';
import { eventTypeOf, ProgramEvents, type SentEvent } from '../programs/program-events';
import { ProgramFolders } from '../programs/program-folders';
import { ProgramJobs } from '../programs/program-jobs';
import { ProgramLink } from '../programs/program-link';
import { Programs } from '../programs/programs';
import type { LoadedState } from '../state/state-file';
import type { InvokeExchange } from '../wire/exchange';
import type { Dispatched, InvokeCall } from '../wire/invoke-call';
import { InvokeServer } from '../wire/invoke-server';
import { ProgramClient, stopped } from '../wire/program-client';
import type { RequestFields, Sender } from '../wire/program-message';
import { PATH, RET } from '../wire/protocol/constants';
import { SandboxKey } from '../wire/protocol/sandbox-key';
import type { ResultFault } from '../wire/result-fault';
import type { SeenRequest } from '../wire/seen-request';
import { environmentOf, hostIn } from './program-environment';
import { tryState } from './trial';
import { warnOfException } from './warning';

const KEPT_EXCHANGES = 1000;
const KEPT_EXCHANGE_BYTES = 64 * 1024 * 1024;
// A debug token is valid for three days (the debug guide).
const DEBUG_TOKEN_MS = 3 * 86_400_000;

/** What `ZoneSandbox.on` listens to, with the arguments of the listeners. */
export type SandboxEvents = {
  /** A program has invoked an interface or opened debug mode; before the response. */
  readonly exchange: readonly [exchange: InvokeExchange];
  /** A request has passed through the sandbox and ended, in either direction. */
  readonly request: readonly [request: SeenRequest];
  /** The platform sends an event, or has no receiver for it. */
  readonly event: readonly [event: SentEvent];
  /** A program has notified its application with `spec_notify_app`. */
  readonly notification: readonly [notification: AppNotification];
  /** A log record of a program was collected: by a search of the logs, and about every half second. */
  readonly log: readonly [record: LogRecord];
};

/** The simulated platform: creates its parts and connects them. */
export class Platform {
  readonly emitter = new Emitter<SandboxEvents>();
  readonly clock: SandboxClock;
  readonly state: ZoneState;
  readonly corpSecret: string;
  readonly faults = new FaultBook();
  readonly protocols = new AbilityProtocols();
  readonly programs: Programs;
  readonly events: ProgramEvents;
  readonly jobs: ProgramJobs;
  readonly calls: ApplicationCalls;
  readonly notifications: Notifications;
  readonly link: ProgramLink;
  readonly logs: SandboxLogs;
  readonly registry: InterfaceRegistry;
  readonly sender: Sender;
  readonly exchanges = new BoundedList<InvokeExchange>(KEPT_EXCHANGES, {
    limit: KEPT_EXCHANGE_BYTES,
    of: ({ requestBytes, responseBytes }) => requestBytes + responseBytes,
  });
  readonly requests = new BoundedList<SeenRequest>(KEPT_EXCHANGES, {
    limit: KEPT_EXCHANGE_BYTES,
    of: ({ request, response }) => request.length + response.length,
  });

  readonly #options: CheckedOptions;
  readonly #key: SandboxKey;
  readonly #server: InvokeServer;
  readonly #client: ProgramClient;
  readonly #tokens = new AccessTokens();
  readonly folders = new ProgramFolders();
  /** Further variables of all programs. */
  readonly programVariables: Record<string, string> = {};
  readonly #collector: LogCollector;
  readonly #application: ApplicationServer;
  readonly #startedAt: number;
  #port = 0;
  #serverPort = 0;
  #stopped: Promise<void> | undefined;

  /** @param other - another service on the port for applications */
  constructor(options: CheckedOptions, content: CorpContent, other: OtherService) {
    this.#options = options;
    this.programs = new Programs(options.programId, options.debugToken);
    if (options.program !== undefined) this.programs.set(options.programId, options.program);
    this.programs.setDebugServer(options.programId, options.debugServer);
    this.#key = SandboxKey.generate(options.keyVersion);
    const { corpId, agentId, window } = options;
    this.sender = { key: this.#key, corpId, agentId, window };
    this.corpSecret = options.corpSecret ?? randomBytes(32).toString('base64url');
    this.clock = new SandboxClock(options.clock);
    this.#startedAt = this.clock.now();
    const clock = (): number => this.clock.now();
    this.notifications = new Notifications({
      ...options,
      observe: (notification) => this.emitter.emit('notification', notification),
    });
    this.#client = new ProgramClient(options);
    this.link = new ProgramLink({
      sender: this.sender,
      client: this.#client,
      timeout: options.timeout,
      now: () => this.now(),
    });
    this.jobs = new ProgramJobs({
      call: (fields, target) => this.#callProgram(fields, target),
      corpId,
      agentId,
      checkResult: (abilityId, result) => this.protocols.checkOutput(abilityId, result),
    });
    this.events = new ProgramEvents({
      call: (fields, { programId, fault }) =>
        this.#callProgram(fields, { programId, event: fault }),
      fault: (eventType) => this.faults.take('event', eventType),
      clock,
      receiver: () => this.programs.receiver,
      observe: (event) => this.emitter.emit('event', event),
    });
    this.calls = new ApplicationCalls({
      call: (fields, target) => this.#callProgram(fields, target),
      jobs: this.jobs,
      protocols: this.protocols,
      notifications: this.notifications,
      clock,
    });
    this.#collector = new LogCollector({
      ...options.logs,
      dir: this.folders.logDir,
      clock,
      levelOf: (programId) => this.programs.logLevel(programId),
      observe: (record) => this.emitter.emit('log', record),
    });
    this.logs = new SandboxLogs(this.#collector, this.programs);
    this.state = new ZoneState({
      content,
      clock: this.clock,
      limits: options.limits,
      models: options.models,
      jobs: this.jobs,
      emit: (type, event) => void this.events.emit(type, event),
    });
    this.registry = new InterfaceRegistry({
      state: this.state,
      jobs: this.jobs,
      programs: this.programs,
      protocols: this.protocols,
      notify: (notification) => this.notifications.push(notification),
      examples: options.examples,
    });
    this.#server = new InvokeServer({
      key: this.#key,
      window,
      maxBodyBytes: options.maxBodyBytes,
      clock: options.clock,
      dispatch: (request, call) => this.#dispatch(request, { ...call, now: this.clock.now() }),
      openDebugMode: (debugToken, accessToken) => this.#openDebugMode(debugToken, accessToken),
      observe: (exchange) => this.#observe(exchange),
    });
    this.#application = new ApplicationServer({
      platform: {
        corpId,
        corpSecret: this.corpSecret,
        appType: options.appType,
        calls: this.calls,
        jobs: this.jobs,
        programs: this.programs,
        tokens: this.#tokens,
        state: this.state,
        settings: new CorpSettings(this.state, this.#startedAt),
        programOfDebugToken: (token) => this.#programOfDebugToken(token),
        setLogLevel: (programId, level) => this.logs.setLevel(level, programId),
      },
      maxBodyBytes: options.maxBodyBytes,
      clock,
      fault: (path) => this.faults.take('server', path),
      observe: (exchange) => this.#observeServer(exchange),
      other,
    });
  }

  /** Starts both servers. @throws SandboxError `ERR_SANDBOX_LISTEN`. */
  async listen(): Promise<void> {
    const { host, port, serverPort } = this.#options;
    try {
      this.#port = await this.#server.listen(host, port);
      this.#serverPort = await this.#application.listen(host, serverPort);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops at once; calls in flight reject with `ERR_SANDBOX_STOPPED`. */
  stop(): Promise<void> {
    if (this.#stopped === undefined) {
      this.#client.close();
      this.jobs.clear(stopped());
      this.clock.clear();
      this.events.clear();
      this.#stopped = Promise.all([
        this.#server.close(),
        this.#application.close(),
        this.#collector.close(),
      ]).then(() => this.folders.remove());
    }
    return this.#stopped;
  }

  /** Where programs reach the platform. */
  get platformUrl(): string {
    return `https://${hostIn(this.#options.host)}:${this.#port}`;
  }

  /** Where applications reach it. */
  get serverUrl(): string {
    return `http://${hostIn(this.#options.host)}:${this.#serverPort}`;
  }

  /** The application's access token. */
  get accessToken(): string {
    return this.#tokens.get(this.clock.now()).token;
  }
  /** Unix seconds. */
  now(): number {
    return Math.floor(this.#options.clock() / 1000);
  }

  /** The environment of a program; it holds the key. */
  envOf(programId: string): Record<string, string> {
    return environmentOf({
      key: this.#key,
      platformUrl: this.platformUrl,
      window: this.#options.window,
      logFile: this.#collector.fileFor(programId),
      dataDir: this.folders.dataDirOf(programId),
      variables: this.programVariables,
    });
  }

  /** Restores the state at start. */
  async reset(): Promise<void> {
    this.#forget();
    this.state.reset();
    await this.#collector.clear();
  }

  /**
   * Replaces the state; `reset` restores the new one from now on.
   *
   * @throws SandboxError `ERR_SANDBOX_STATE` the state is damaged; nothing has changed then.
   */
  load(loaded: LoadedState): void {
    const snapshots = tryState(loaded, this.#options);
    const { time, content, keyPair } = loaded;
    this.#forget();
    this.clock.startFrom(time);
    this.state.load(content, snapshots);
    this.state.corp.setFirstKeyPair(keyPair);
  }

  /** Clears everything that belongs to a state but is not saved with it. */
  #forget(): void {
    this.faults.clear();
    this.protocols.clear();
    this.events.clear();
    this.exchanges.clear();
    this.requests.clear();
    this.notifications.clear();
    this.programs.reset();
    this.registry.reset();
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
    const request = isEvent ? event : this.faults.take('request', abilityId);
    const sealed = this.link.seal(fields, request);
    const address = this.programs.destination(programId);
    const response = isEvent ? undefined : this.faults.take('response', abilityId);
    const time = this.clock.now();
    const result = await this.link.call(address, sealed, { signal, request, response });
    const { requestId } = result.details;
    this.#see({
      kind: isEvent ? 'event' : fields.isAsync ? 'job' : 'call',
      name: isEvent ? eventTypeOf(fields.data) : abilityId,
      request: String(fields.data),
      response: result.response_data,
      code: result.errcode,
      time,
      elapsed: result.details.elapsed,
      ...(requestId === undefined ? {} : { requestId }),
    });
    return result;
  }

  async #dispatch(request: string, context: InvokeCall): Promise<Dispatched> {
    const rule = this.faults.take('invoke', context.interfaceName);
    if (rule === undefined) return this.registry.dispatch(request, context);
    const fault = this.#resultFault(rule);
    if (isInstead(rule)) return { ret: fault.ret ?? RET.ok, response: fault.response ?? '', fault };
    return { ...(await this.registry.dispatch(request, context)), fault };
  }

  #openDebugMode(debugToken: string, accessToken: string): Pick<Dispatched, 'ret' | 'fault'> {
    const rule = this.faults.take('invoke', '');
    const fault = rule && this.#resultFault(rule);
    // -10008 is what the platform's table gives for an expired debug mode (P100052).
    const programId = this.#programOfDebugToken(debugToken);
    const isGood = programId !== undefined && this.#isAccessToken(accessToken);
    if (isGood && rule === undefined) this.programs.openDebugMode(programId, 'program');
    return { ret: isGood ? RET.ok : RET.keyVersion, ...(fault && { fault }) };
  }

  #resultFault(failure: InvokeFailure): ResultFault {
    return resultFaultOf(failure, { keyVersion: this.#key.version, now: this.now() });
  }

  #programOfDebugToken(token: string): string | undefined {
    const isGood = this.clock.now() - this.#startedAt <= DEBUG_TOKEN_MS;
    return isGood ? this.programs.ofDebugToken(token) : undefined;
  }

  #isAccessToken(token: string): boolean {
    try {
      this.#tokens.check(token, this.clock.now());
      return true;
    } catch {
      return false;
    }
  }

  #observeServer({ path: name, errcode: code, ...seen }: ServerExchange): void {
    this.#see({ kind: 'server', name, code, ...seen });
  }

  async #observe(exchange: InvokeExchange): Promise<ResultFault | undefined> {
    const entry: { -readonly [Name in keyof InvokeExchange]: InvokeExchange[Name] } = {
      ...exchange,
    };
    this.exchanges.push(entry);
    this.emitter.emit('exchange', entry);
    if (exchange.path === PATH.invoke) {
      const { interfaceName: name, request, response, ret: code, time, elapsed } = exchange;
      const error = 'error' in exchange && { error: exchange.error };
      this.#see({ kind: 'invoke', name, request, response, code, time, elapsed, ...error });
    }
    try {
      const failure = await this.faults.decide(entry);
      return failure && this.#resultFault(failure);
    } catch (error) {
      entry.error = error;
      warnOfException(`A fault's function`, error);
      return { status: 500 };
    }
  }

  #see(request: SeenRequest): void {
    if ('error' in request) warnOfException(`The handler of ${request.name}`, request.error);
    this.requests.push(request);
    this.emitter.emit('request', request);
  }
}
