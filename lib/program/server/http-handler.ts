import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AbortSource } from '../../common/abort';
import { type Awaitable, isThenable } from '../../common/awaitable';
import {
  BodyCollector,
  cutOff,
  joinedBody,
  type NoBody,
  overloaded,
  type RequestBody,
  receiveBody,
  sizeOfBody,
  timedOut,
  tooLarge,
} from '../../common/body';
import { Deadlines } from '../../common/deadlines';
import { wrongType } from '../../common/options';
import { makeError } from '../../errors';
import type { HeadersInput } from '../../sdk/headers';
import type { Dispatcher } from '../dispatch/dispatcher';
import { InFlight } from '../dispatch/in-flight';
import { type ProgramResponse, plainResponse } from '../dispatch/response';
import type { Shutdown } from '../handlers/shutdown';
import { warn } from '../observe/guard';
import type { RequestCounters } from '../observe/request-counters';
import { type BudgetShare, ByteBudget } from './byte-budget';
import { Exchange } from './exchange';
import { hasHeader, keptBody, methods } from './http';

/** The options that concern requests. */
export interface HttpOptions {
  readonly bodyLimit: number;
  readonly bodyTimeout: number;
  readonly maxUnverifiedBytes: number;
  readonly requiredHeaderPrefix: string;
  readonly health: boolean;
}

/** The parts of the program that serve HTTP. */
export interface HttpParts {
  readonly dispatcher: Dispatcher;
  readonly counters: RequestCounters;
  readonly shutdown: Shutdown;
}

/** A body, or the chunks in which it came. */
type Received = Buffer | readonly Uint8Array[];

function isReceived(value: Received | ProgramResponse): value is Received {
  return Buffer.isBuffer(value) || Array.isArray(value);
}

/**
 * Takes a body that was received; or the response to send instead; or undefined when the connection was closed.
 *
 * @param share - of a body that was read here, to close when the body is verified
 */
type Taker = (received: Received | ProgramResponse | undefined, share?: BudgetShare) => void;

/** Serves HTTP requests of any server: performs cheap checks before it reads a body, and sends the dispatcher's response. */
export class HttpHandler {
  readonly #options: HttpOptions;
  readonly #parts: HttpParts;
  readonly #budget: ByteBudget;
  /** Limits the time between two reads of a body. */
  readonly #pauses: Deadlines;
  /** Shares of bodies that {@link readBody} has read and that are not verified yet. */
  readonly #shares = new WeakMap<object, BudgetShare>();
  /** An adapter may drop a body without {@link handle}. */
  readonly #dropped = new FinalizationRegistry<BudgetShare>((share) => share.close());
  /** Requests whose response is not sent yet. */
  readonly sending = new InFlight();

  constructor(options: HttpOptions, parts: HttpParts) {
    this.#options = options;
    this.#parts = parts;
    this.#budget = new ByteBudget(options.maxUnverifiedBytes);
    this.#pauses = new Deadlines(options.bodyTimeout);
  }

  /** As `ZoneProgram.handle`. */
  async handle(
    method: string,
    headers: HeadersInput,
    body: string | Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<ProgramResponse> {
    if (Array.isArray(body)) {
      throw wrongType('body', 'of type string or an instance of Buffer or Uint8Array', body);
    }
    const share = typeof body === 'object' ? this.#shares.get(body) : undefined;
    return this.#handle(method, headers, body, share, signal);
  }

  #handle(
    method: string,
    headers: HeadersInput,
    body: RequestBody,
    share: BudgetShare | undefined,
    signal: AbortSource | undefined,
  ): Awaitable<ProgramResponse> {
    if (!methods.includes(method)) return this.#methodNotAllowed();
    if (sizeOfBody(body) > this.#options.bodyLimit) return this.#withoutBody(tooLarge);
    return this.#parts.dispatcher.dispatch(method, headers, body, signal, () => share?.close());
  }

  /** As `ZoneProgram.requestListener`. */
  listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return new Promise((resolve) => this.serve(request, response, resolve));
  }

  /**
   * Serves a request. Never throws.
   *
   * @param done - called once, when the response is sent or the connection is closed
   */
  serve(request: IncomingMessage, response: ServerResponse, done: () => void = () => {}): void {
    const take: Taker = (received, share) => {
      if (received === undefined) done();
      else this.#respond(request, response, received, share, done);
    };
    this.#receive(request, take, (error) =>
      this.#fail(this.#exchange(request, response, done), error),
    );
  }

  #exchange(request: IncomingMessage, response: ServerResponse, done: () => void): Exchange {
    this.sending.begin();
    return new Exchange(request, response, () => {
      this.sending.end();
      done();
    });
  }

  /** The installation is broken, or the body was consumed: no response can be signed, and the SDK's log may be unavailable. */
  #fail(exchange: Exchange, error: unknown): void {
    warn(error);
    exchange.send(plainResponse(500), true);
  }

  #respond(
    request: IncomingMessage,
    response: ServerResponse,
    received: Received | ProgramResponse,
    share: BudgetShare | undefined,
    done: () => void,
  ): void {
    const exchange = this.#exchange(request, response, done);
    const fail = (error: unknown): void => this.#fail(exchange, error);
    const send = (programResponse: ProgramResponse): void => {
      try {
        exchange.send(programResponse, this.#parts.shutdown.hasBegun);
      } catch (error) {
        fail(error);
      }
    };
    try {
      const { method = '', headers } = request;
      const programResponse = isReceived(received)
        ? this.#handle(method, headers, received, share, exchange.gone)
        : received;
      if (isThenable(programResponse)) programResponse.then(send, fail);
      else send(programResponse);
    } catch (error) {
      fail(error);
    }
  }

  /** As `ZoneProgram.readBody`. */
  async readBody(request: IncomingMessage): Promise<Buffer | ProgramResponse | undefined> {
    const [received, share] = await new Promise<Parameters<Taker>>((resolve, reject) =>
      this.#receive(request, (...taken) => resolve(taken), reject),
    );
    if (received === undefined || !isReceived(received)) return received;
    const body = joinedBody(received) as Buffer;
    if (share !== undefined) this.#keepShare(body, share);
    return body;
  }

  /**
   * Reads the body of a request that passes the checks that need no body.
   *
   * @param fail - called instead of `take`, with `ERR_SPEC_BODY_CONSUMED` or the error of loading the addon
   */
  #receive(request: IncomingMessage, take: Taker, fail: (error: unknown) => void): void {
    try {
      const kept = keptBody(request);
      const early = this.#respondEarly(request.method ?? '', request.headers);
      const proceed = (response: ProgramResponse | undefined): void =>
        response === undefined ? this.#receiveBody(request, kept, take) : take(response);
      if (isThenable(early)) early.then(proceed).catch(fail);
      else proceed(early);
    } catch (error) {
      fail(error);
    }
  }

  #receiveBody(request: IncomingMessage, kept: Buffer | undefined, take: Taker): void {
    const { bodyLimit: size } = this.#options;
    if (kept !== undefined) {
      take(kept.length > size ? this.#withoutBody(tooLarge) : kept);
      return;
    }
    const share = this.#budget.open();
    const mayHold = (bytes: number): boolean => share.grow(bytes);
    receiveBody(request, { size, deadlines: this.#pauses, mayHold }, (collected) => {
      if (typeof collected !== 'symbol') {
        take(collected.chunks, share);
        return;
      }
      share.close();
      take(this.#withoutBody(collected));
    });
  }

  /** As `ZoneProgram.fetch`. */
  async fetch(request: Request): Promise<Response> {
    const { status, headers, body } = await this.#fetched(request);
    return new Response(body.length === 0 ? null : new Uint8Array(body), { status, headers });
  }

  async #fetched(request: Request): Promise<ProgramResponse> {
    if (request.bodyUsed) {
      warn(makeError('ERR_SPEC_BODY_CONSUMED', request.url, ''));
      return plainResponse(500);
    }
    const early = await this.#respondEarly(request.method, Object.fromEntries(request.headers));
    if (early !== undefined) return early;
    const share = this.#budget.open();
    const body = await this.#fetchedBody(request, share);
    if (typeof body === 'symbol') {
      share.close();
      return this.#withoutBody(body) ?? plainResponse(400);
    }
    return this.#handle(request.method, request.headers, body, share, request.signal);
  }

  async #fetchedBody(request: Request, share: BudgetShare): Promise<Received | NoBody> {
    const { bodyLimit, bodyTimeout } = this.#options;
    if (Number(request.headers.get('content-length') ?? 0) > bodyLimit) return tooLarge;
    const collector = new BodyCollector(bodyLimit);
    const reader = request.body?.getReader();
    if (reader === undefined) return collector.chunks;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reader.cancel().catch(() => {});
    }, bodyTimeout);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (isLate) return timedOut;
        if (done) return collector.chunks;
        timer.refresh();
        if (!collector.add(value)) return tooLarge;
        if (!share.grow(collector.size)) return overloaded;
      }
    } catch {
      return cutOff;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The response that needs no body: to a health check, and to a request that cannot pass verification. */
  #respondEarly(
    method: string,
    headers: IncomingMessage['headers'],
  ): Awaitable<ProgramResponse | undefined> {
    const { requiredHeaderPrefix: prefix, health } = this.#options;
    const isUnsigned = prefix !== '' && !hasHeader(headers, prefix);
    if (health && isUnsigned && (method === 'GET' || method === 'HEAD')) return this.#health();
    if (!methods.includes(method)) return this.#methodNotAllowed();
    return isUnsigned ? this.#parts.dispatcher.refuse(method, headers) : undefined;
  }

  #health(): ProgramResponse {
    const isClosing = this.#parts.shutdown.hasBegun;
    return {
      ...plainResponse(isClosing ? 503 : 200, { 'content-type': 'application/json' }),
      body: Buffer.from(JSON.stringify({ status: isClosing ? 'closing' : 'ok' })),
    };
  }

  #keepShare(body: Buffer, share: BudgetShare): void {
    this.#shares.set(body, share);
    this.#dropped.unregister(share);
    this.#dropped.register(body, share, share);
  }

  #methodNotAllowed(): ProgramResponse {
    this.#parts.counters.countUnverified('method');
    return plainResponse(405, { allow: methods.join(', ') });
  }

  /** @returns undefined when the connection was closed */
  #withoutBody(reason: typeof tooLarge): ProgramResponse;
  #withoutBody(reason: NoBody): ProgramResponse | undefined;
  #withoutBody(reason: NoBody): ProgramResponse | undefined {
    const { counters } = this.#parts;
    switch (reason) {
      case cutOff:
        counters.countUnverified('cut-off');
        return undefined;
      case timedOut:
        counters.countUnverified('timed-out');
        return plainResponse(408);
      case overloaded:
        counters.countUnverified('overloaded');
        return plainResponse(503, { 'retry-after': '1' });
      default:
        counters.countUnverified('too-large');
        return plainResponse(413);
    }
  }
}
