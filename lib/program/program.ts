import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { checkOptions, functionOption } from '../common/options';
import type {
  AbilityId,
  AbilityRequest,
  AbilityTypes,
  AnyAbilities,
} from '../interfaces/abilities';
import type { HeadersInput } from '../sdk/headers';
import type { ProgramResponse } from './dispatch/response';
import type {
  AbilityHandler,
  AbilityOptions,
  AbilityResult,
  AbilitySchema,
  EventHandler,
  ZoneEventOf,
  ZoneEventType,
} from './handlers/call';
import { FunctionForm, type FunctionOptions } from './handlers/functions';
import { type PassThroughOptions, passInterfacesThrough } from './handlers/pass-through';
import type { DeadJobs } from './jobs/dead-jobs';
import type { ProgramLog } from './observe/log';
import { checkedProgramOptions, type ZoneProgramOptions } from './options';
import { embeddedEventStore } from './relay/event-store';
import { Relay, type RelayOptions } from './relay/relay';
import { type ProgramMetrics, Runtime } from './runtime';
import type { ListenOptions } from './server/http-server';

/**
 * A zone program: verifies and dispatches the platform's requests, encrypts and signs the responses, and stores accepted jobs until
 * they are reported.
 *
 * @typeParam Abilities - an interface with the request and the response of each ability, which types the handlers. The same interface
 * types `ZoneSandbox` in tests, and the application.
 *
 * @example
 * ```ts
 * interface Abilities {
 *   chat_analysis: { request: { limit: number }; response: { errcode: number; messages: number } };
 * }
 * const program = new ZoneProgram<Abilities>();
 * program.ability('chat_analysis', async ({ limit }, call) => {
 *   const { msg_list = [] } = await call.zone.invoke('sync_msg', { limit });
 *   return { errcode: 0, messages: msg_list.length };
 * });
 * program.event('conversation_new_message', async (event, call) => { … });
 * await program.listen({ signals: true });
 * ```
 *
 * @see docs/guide/abilities.md
 */
export class ZoneProgram<Abilities extends AbilityTypes<Abilities> = AnyAbilities> {
  /** The zone's log. While a request or job is served, each record begins with the request's id. */
  readonly log: ProgramLog;
  /** Jobs that could not be reported. */
  readonly deadJobs: DeadJobs;
  readonly #runtime: Runtime;

  /**
   * Does not load the SDK; {@link start} does.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  constructor(options: ZoneProgramOptions = {}) {
    this.#runtime = new Runtime(checkedProgramOptions(options));
    this.log = this.#runtime.log;
    this.deadJobs = this.#runtime.deadJobs;
  }

  /**
   * Registers the handler of an ability.
   *
   * For an asynchronous call, the handler runs after the response, and its result is reported later. It may run again after a crash,
   * see {@link Call.attempt}.
   *
   * @param id - the ability's id on the admin site
   * @param handler - gets the parsed request, which is not checked; returns an object, which is sent as JSON, or a string, or throws
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  ability<Id extends AbilityId<Abilities>>(
    id: Id,
    handler: AbilityHandler<AbilityRequest<Abilities, Id>, AbilityResult<Abilities, Id>>,
  ): this;
  /** Registers the handler of an ability with a timeout of its own. */
  ability<Id extends AbilityId<Abilities>>(
    id: Id,
    options: AbilityOptions<never>,
    handler: AbilityHandler<AbilityRequest<Abilities, Id>, AbilityResult<Abilities, Id>>,
  ): this;
  /**
   * Registers the handler of an ability with a schema for its requests.
   *
   * @param input - a schema or {@link AbilityOptions}; requests that do not match the schema are refused with 710647 and do not
   * reach the handler
   */
  ability<Id extends AbilityId<Abilities>, Input extends StandardSchemaV1>(
    id: Id,
    input: AbilitySchema<Abilities, Id, Input>,
    handler: AbilityHandler<StandardSchemaV1.InferOutput<Input>, AbilityResult<Abilities, Id>>,
  ): this;
  ability(id: string, optionsOrHandler: unknown, handlerOrNothing?: AbilityHandler<never>): this {
    if (handlerOrNothing === undefined) {
      this.#runtime.handlers.addAbility(id, optionsOrHandler as AbilityHandler<never>);
    } else {
      this.#runtime.handlers.addAbility(id, handlerOrNothing, optionsOrHandler);
    }
    return this;
  }

  /**
   * Registers the handler of an event type. The platform gets its response when the handler has finished.
   *
   * @param type - for example `conversation_new_message`, see docs/interfaces.md#events
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  event<Type extends ZoneEventType>(type: Type, handler: EventHandler<ZoneEventOf<Type>>): this {
    this.#runtime.handlers.addEvent(type, handler);
    return this;
  }

  /**
   * Registers the handler of all calls and events without their own. By default, such calls get errcode 710636, and such events get
   * errcode 0 and are ignored.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  notFound(handler: AbilityHandler<unknown>): this {
    this.#runtime.handlers.notFound = functionOption('handler', handler);
    return this;
  }

  /**
   * Relays events to the application as the official samples do: stores the event under a new notify_id, calls `spec_notify_app`,
   * and registers an ability that returns the event by its notify_id to applications of the same corp.
   *
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  relayEvents(options: RelayOptions = {}): this {
    checkOptions(options);
    const { handlers, store } = this.#runtime;
    handlers.setRelay(
      () =>
        new Relay(options, () => {
          this.#runtime.storesEvents = true;
          return embeddedEventStore(store);
        }),
    );
    return this;
  }

  /**
   * Lets applications call interfaces of the zone through the program, as the official samples do: registers the ability
   * `invoke_<interface>` for each of them.
   *
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  passThrough(options: PassThroughOptions): this {
    passInterfacesThrough(options, this.#runtime.handlers);
    return this;
  }

  /**
   * Serves requests that name a function, as applications of the official Python sample send them:
   * `{"input":{"func":"sync_msg","func_req":{…}}}` runs the ability that is registered as `sync_msg`, or the interface of that name
   * of {@link passThrough}, with `func_req` as its request, whichever ability the application calls. Other requests are served as
   * before.
   *
   * @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`, `ERR_SPEC_INVALID_ARG_VALUE`, `ERR_SPEC_UNKNOWN_OPTION`
   * @see https://developer.work.weixin.qq.com/document/path/100052
   */
  serveFunctions(options: FunctionOptions): this {
    this.#runtime.handlers.functions = new FunctionForm(options);
    return this;
  }

  /**
   * Loads the SDK and resumes the jobs of an earlier process. {@link listen} calls it; with another server, call it before that
   * server listens.
   *
   * @returns rejected with the error of loading the addon, `ERR_SPEC_STORE_INSTALLATION`, `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE`,
   * `ERR_SPEC_STOPPED`
   */
  start(): Promise<void> {
    return this.#runtime.start();
  }

  /**
   * Serves over HTTP until {@link close}, or with `signals` until SIGTERM or SIGINT.
   *
   * @returns the address; rejected as {@link start}, and with `ERR_SPEC_LISTEN`
   */
  listen(options: ListenOptions = {}): Promise<AddressInfo> {
    return this.#runtime.listen(options);
  }

  /**
   * Request listener for node:http, Express and Koa, bound to the program. No other parser may read the body before, except
   * `express.raw()`, which needs a `limit`: its default refuses bodies above 100 kB.
   *
   * @returns fulfilled when the response is sent; never rejected
   *
   * @example
   * ```ts
   * createServer(program.requestListener);
   * express().use(program.requestListener);
   * new Koa().use((context) => {
   *   context.respond = false;
   *   return program.requestListener(context.req, context.res);
   * });
   * ```
   */
  readonly requestListener = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    this.#runtime.http.listen(request, response);

  /**
   * Reads the body of a request byte for byte, for {@link handle}; for adapters to other servers.
   *
   * @returns the body; or the response to send instead (405, 413); or undefined when the connection was closed. Rejected with
   * `ERR_SPEC_BODY_CONSUMED`
   */
  readBody(request: IncomingMessage): Promise<Buffer | ProgramResponse | undefined> {
    return this.#runtime.http.readBody(request);
  }

  /**
   * Fetch handler for Hono and similar frameworks, bound to the program.
   *
   * @returns the response, with status 400 if the body cannot be read; rejected as {@link handle}
   *
   * @example
   * ```ts
   * app.all('*', (context) => program.fetch(context.req.raw));
   * ```
   */
  readonly fetch = (request: Request): Promise<Response> => this.#runtime.http.fetch(request);

  /**
   * Processes a request without HTTP, for other servers.
   *
   * @param headers - all headers as received
   * @param body - byte for byte as received
   * @returns the response: status 200, `unverifiedStatus`, `jobs.busyStatus`, or 405 and 413 without the SDK's headers; rejected
   * only with the error of loading the addon, and `ERR_SPEC_INVALID_ARG_TYPE`
   */
  handle(
    method: string,
    headers: HeadersInput,
    body: string | Uint8Array,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ProgramResponse> {
    return this.#runtime.http.handle(method, headers, body, signal);
  }

  /**
   * Returns a snapshot of counters and measurements since the program was created.
   *
   * @returns rejected with the queue's error if a shared queue cannot be read
   */
  metrics(): Promise<ProgramMetrics> {
    return this.#runtime.metrics();
  }

  /**
   * Shuts down gracefully: refuses new requests and jobs, waits up to `closeTimeout` for running handlers and reports, then aborts
   * their signals. Unreported jobs stay in the queue for the next process. Further calls return the same promise.
   */
  close(): Promise<void> {
    return this.#runtime.close();
  }
}
