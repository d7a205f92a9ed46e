import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { functionOption, wrongType } from '../common/options';
import type { HeadersInput } from '../sdk/headers';
import type { ProgramResponse } from './dispatch/response';
import type { AbilityHandler, EventHandler, ZoneEventOf, ZoneEventType } from './handlers/call';
import type { AbilityOptions } from './handlers/handlers';
import { type PassThroughOptions, passThroughAbilities } from './handlers/pass-through';
import type { ProgramLog } from './observe/log';
import { checkedProgramOptions, type ZoneProgramOptions } from './options';
import { embeddedEventStore } from './relay/event-store';
import { Relay, type RelayOptions } from './relay/relay';
import { type ProgramMetrics, Runtime } from './runtime';
import type { ListenOptions } from './server/http-server';

/**
 * A zone program: verifies and dispatches what the platform sends, answers encrypted and signed, and keeps the jobs that it
 * has accepted until they are reported.
 *
 * @example
 * ```ts
 * const program = new ZoneProgram();
 * program.ability('chat_analysis', async (request, call) => {
 *   const { msg_list = [] } = await call.zone.invoke('sync_msg', { limit: 200 });
 *   return { errcode: 0, messages: msg_list.length };
 * });
 * program.event('conversation_new_message', async (event, call) => { … });
 * await program.listen({ signals: true });
 * ```
 *
 * @see docs/program.md
 */
export class ZoneProgram {
  /** The zone's log, for the program as a whole; while a request is served, its id stands in each record. */
  readonly log: ProgramLog;
  readonly #runtime: Runtime;

  /** @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`. No SDK is loaded yet. */
  constructor(options: ZoneProgramOptions = {}) {
    this.#runtime = new Runtime(checkedProgramOptions(options));
    this.log = this.#runtime.log;
  }

  /**
   * Serves an ability.
   *
   * For an asynchronous call the handler runs after the platform was answered, and what it returns is reported; it may run
   * again after the process died, see {@link Call.attempt}.
   *
   * @param id - the ability's id on the admin site
   * @param handler - gets the parsed request; returns an object (becomes JSON) or a text, or throws
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  ability<Request = unknown>(id: string, handler: AbilityHandler<Request>): this;
  /** @param input - a schema or {@link AbilityOptions}; what does not fit is answered without the handler */
  ability<Input extends StandardSchemaV1>(
    id: string,
    input: Input | AbilityOptions<Input>,
    handler: AbilityHandler<StandardSchemaV1.InferOutput<Input>>,
  ): this;
  ability(
    id: string,
    optionsOrHandler: StandardSchemaV1 | AbilityOptions | AbilityHandler<never>,
    handlerOrNothing?: AbilityHandler<never>,
  ): this {
    if (handlerOrNothing === undefined) {
      this.#runtime.handlers.addAbility(id, optionsOrHandler as AbilityHandler<never>);
    } else {
      this.#runtime.handlers.addAbility(id, handlerOrNothing, optionsOrHandler);
    }
    return this;
  }

  /**
   * Takes the events of a type. The handler has finished before the platform is answered.
   *
   * @param type - for example `conversation_new_message`, see docs/interfaces.md#events
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  event<Type extends ZoneEventType>(type: Type, handler: EventHandler<ZoneEventOf<Type>>): this {
    this.#runtime.handlers.addEvent(type, handler);
    return this;
  }

  /**
   * Serves all calls and events that nothing else serves. Without it such calls get errcode 710636, and such events are
   * answered with errcode 0 and nothing is done.
   */
  notFound(handler: AbilityHandler<unknown>): this {
    this.#runtime.handlers.notFound = functionOption('handler', handler);
    return this;
  }

  /**
   * Relays events to the application as the official samples do: the event is stored under a new notify_id, `spec_notify_app`
   * is called, and an ability hands the event out by its notify_id, to applications of the same corp.
   *
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`; RangeError `ERR_SPEC_OUT_OF_RANGE`
   */
  relayEvents(options: RelayOptions = {}): this {
    if (typeof options !== 'object' || options === null)
      throw wrongType('options', 'of type object', options);
    const { handlers, store } = this.#runtime;
    handlers.setRelay(() => new Relay(options, () => embeddedEventStore(store)));
    return this;
  }

  /**
   * Lets applications call interfaces of the zone through the program, as the official samples do: for each named interface
   * the ability `invoke_<interface>`. Off unless this is called.
   *
   * @throws SpecError `ERR_SPEC_HANDLER_EXISTS`; TypeError `ERR_SPEC_INVALID_ARG_TYPE`
   */
  passThrough(options: PassThroughOptions): this {
    for (const [id, handler] of passThroughAbilities(options)) this.ability(id, handler);
    return this;
  }

  /**
   * Loads the SDK and takes up the jobs that an earlier process has left. {@link listen} does it; with another server
   * call it before that one listens.
   *
   * @returns rejected with what loading the addon throws, `ERR_SPEC_STORE_LOCKED`, `ERR_SPEC_STORE`, `ERR_SPEC_STOPPED`
   */
  start(): Promise<void> {
    return this.#runtime.start();
  }

  /**
   * Serves over HTTP until {@link close}, or with `signals` until SIGTERM or SIGINT.
   *
   * @returns where it listens; rejected as {@link start}, and with `ERR_SPEC_LISTEN`
   */
  listen(options: ListenOptions = {}): Promise<AddressInfo> {
    return this.#runtime.listen(options);
  }

  /**
   * For node:http, Express and Koa: a function that serves one request, independent of `this`. The body must not be read before; one
   * that `express.raw()` has read is taken.
   *
   * @returns fulfilled when the answer has left; never rejected
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
   * The body of a request byte for byte, for {@link handle}; for bridges to other servers.
   *
   * @returns an answer in its place (405, 413), or undefined when the connection was cut
   */
  readBody(request: IncomingMessage): Promise<Buffer | ProgramResponse | undefined> {
    return this.#runtime.http.readBody(request);
  }

  /**
   * For Hono, and whatever else speaks fetch.
   *
   * @example
   * ```ts
   * app.all('*', (context) => program.fetch(context.req.raw));
   * ```
   */
  readonly fetch = (request: Request): Promise<Response> => this.#runtime.http.fetch(request);

  /**
   * Serves a request without any framework.
   *
   * @param headers - all of them, as they came
   * @param body - byte for byte as it came
   * @returns what is to be sent: 200, or 405 and 413 without the SDK's headers, `unverifiedStatus` for a request that does not
   * pass verification, and `jobs.busyStatus`; rejected only with what loading the addon throws, and for arguments of
   * wrong types
   */
  handle(
    method: string,
    headers: HeadersInput,
    body: string | Uint8Array,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ProgramResponse> {
    return this.#runtime.http.handle(method, headers, body, signal);
  }

  /** A snapshot of what was counted and measured. */
  metrics(): Promise<ProgramMetrics> {
    return this.#runtime.metrics();
  }

  /**
   * Stops: takes no new requests and jobs, lets running handlers and reports finish for `closeTimeout`, then aborts their
   * signals. Jobs that are not reported by then stay in the queue for the next process. Again: the same promise.
   */
  close(): Promise<void> {
    return this.#runtime.close();
  }
}
