import { randomBytes } from 'node:crypto';
import type { ZoneInterfaceName, ZoneInterfaces } from '../zone/interfaces';
import { BoundedList } from './bounded-list';
import type { CallResult, ProgramAnswer } from './call-result';
import { resultOfAnswer, resultOfError } from './call-result';
import type { Corp } from './corp/corp';
import { seedCorp } from './corp/seed';
import { SandboxError } from './errors';
import type { InterfaceHandler } from './interfaces/interface';
import { InterfaceRegistry } from './interfaces/registry';
import type { AppNotification } from './interfaces/spec-notify-app';
import type { InterceptHook, InvokeExchange, InvokeFault } from './invoke-fault';
import { InvokeServer } from './invoke-server';
import type { CheckedOptions, ZoneSandboxOptions } from './options';
import { checkOptions, programUrl } from './options';
import { ProgramClient } from './program-client';
import type {
  AnswerHeaders,
  AnswerOutcome,
  RequestFields,
  SealedRequest,
  Sender,
} from './program-message';
import { openAnswer, sealRequest } from './program-message';
import { SandboxKey } from './protocol/sandbox-key';

const KEPT_EXCHANGES = 1000;
const KEPT_EXCHANGE_BYTES = 64 * 1024 * 1024;
const KEPT_NOTIFICATIONS = 1000;

/** What a call may carry beside ability and request. */
export interface CallOptions {
  /** notify_id of a notification that the application answers with this call. */
  readonly notifyId?: string;
  /** corpid; the sandbox's by default. */
  readonly corpId?: string;
  /** agentid, 0 to 4294967295; the sandbox's by default. */
  readonly agentId?: number;
  /** Gives the call up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

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
  #program: URL | undefined;
  #port = 0;
  #stopped: Promise<void> | undefined;

  private constructor(options: CheckedOptions) {
    this.#options = options;
    this.#program = options.program;
    this.#key = SandboxKey.generate(options.keyVersion);
    this.#sender = {
      key: this.#key,
      corpId: options.corpId,
      agentId: options.agentId,
      window: options.window,
    };
    this.debugToken = options.debugToken ?? `debug-${randomBytes(16).toString('hex')}`;
    this.corp = seedCorp(options.clock(), options.corp);
    this.#registry = new InterfaceRegistry(
      this.corp,
      (notification) => this.#notifications.push(notification),
      { answersExamples: options.examples },
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
      this.#stopped = this.#server.close();
    }
    return this.#stopped;
  }

  /** Address of the program, or `undefined` as long as none was given. */
  get program(): URL | undefined {
    return this.#program;
  }

  /** Takes an `http:` address; throws SandboxError `ERR_SANDBOX_OPTION`. */
  set program(address: string | URL) {
    this.#program = programUrl(address);
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
    const { signal, ...fields } = options;
    const sealed = this.sealRequest({ ...fields, abilityId, data: request });
    const start = performance.now();
    try {
      const answer = await this.send(sealed, signal);
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
    if (this.#program === undefined) {
      throw new SandboxError(
        'ERR_SANDBOX_NO_PROGRAM',
        "The sandbox does not know the program's address. Pass `program` to ZoneSandbox.start(), or set sandbox.program.",
      );
    }
    const answer = await this.#client.send(this.#program, request, signal);
    return { ...answer, outcome: this.openAnswer(request, answer.headers, answer.body) };
  }

  /** Verifies and decrypts an answer, as `BuildResponseHeaderBody` makes it, to a sealed request. */
  openAnswer(
    request: SealedRequest,
    headers: AnswerHeaders,
    body: string | Uint8Array,
  ): AnswerOutcome {
    return openAnswer(this.#sender, request, headers, body, this.#now());
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
