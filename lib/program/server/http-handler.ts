import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  BodyCollector,
  collectBody,
  cutOff,
  joinedBody,
  type NoBody,
  overloaded,
  type RequestBody,
  sizeOfBody,
  timedOut,
  tooLarge,
} from '../../common/body';
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
import { keptBody, methods, send } from './http';

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

/** Serves HTTP requests of any server: performs cheap checks before it reads a body, and sends the dispatcher's response. */
export class HttpHandler {
  readonly #options: HttpOptions;
  readonly #parts: HttpParts;
  readonly #budget: ByteBudget;
  /** Shares of bodies that were read and are not verified yet. */
  readonly #shares = new WeakMap<object, BudgetShare>();
  /** An adapter may drop a body without {@link handle}. */
  readonly #dropped = new FinalizationRegistry<BudgetShare>((share) => share.close());
  /** Requests whose response is not sent yet. */
  readonly sending = new InFlight();

  constructor(options: HttpOptions, parts: HttpParts) {
    this.#options = options;
    this.#parts = parts;
    this.#budget = new ByteBudget(options.maxUnverifiedBytes);
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
    return this.#handle(method, headers, body, signal);
  }

  async #handle(
    method: string,
    headers: HeadersInput,
    body: RequestBody,
    signal: AbortSignal | undefined,
  ): Promise<ProgramResponse> {
    if (!methods.includes(method)) return this.#methodNotAllowed();
    if (sizeOfBody(body) > this.#options.bodyLimit) return this.#withoutBody(tooLarge);
    const share = typeof body === 'object' ? this.#shares.get(body) : undefined;
    return this.#parts.dispatcher.dispatch(method, headers, body, signal, () => share?.close());
  }

  /** As `ZoneProgram.requestListener`. */
  async listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await this.#receive(request);
      if (body !== undefined) await this.sending.track(this.#respond(request, response, body));
    } catch (error) {
      // The installation is broken, or the body was consumed: no response can be signed, and the SDK's log may be unavailable.
      warn(error);
      await send(request, response, plainResponse(500), true);
    }
  }

  async #respond(
    request: IncomingMessage,
    response: ServerResponse,
    body: Received | ProgramResponse,
  ): Promise<void> {
    const gone = new AbortController();
    const onClose = (): void => {
      if (!response.writableFinished) gone.abort(makeError('ERR_SPEC_STOPPED', 'The client', ''));
    };
    response.once('close', onClose);
    const { method = '', headers } = request;
    const programResponse = isReceived(body)
      ? await this.#handle(method, headers, body, gone.signal)
      : body;
    await send(request, response, programResponse, this.#parts.shutdown.hasBegun);
    response.off('close', onClose);
  }

  /** As `ZoneProgram.readBody`. */
  async readBody(request: IncomingMessage): Promise<Buffer | ProgramResponse | undefined> {
    const received = await this.#receive(request);
    if (received === undefined || !isReceived(received)) return received;
    const body = joinedBody(received) as Buffer;
    const share = this.#shares.get(received);
    if (share !== undefined) this.#keepShare(body, share);
    return body;
  }

  async #receive(request: IncomingMessage): Promise<Received | ProgramResponse | undefined> {
    const { bodyLimit: size, bodyTimeout: timeout } = this.#options;
    const kept = keptBody(request);
    const early = await this.#respondEarly(request.method ?? '', request.headers);
    if (early !== undefined) return early;
    if (kept !== undefined) return kept.length > size ? this.#withoutBody(tooLarge) : kept;
    const share = this.#budget.open();
    const mayHold = (bytes: number): boolean => share.grow(bytes);
    const collected = await collectBody(request, { size, timeout, mayHold });
    if (typeof collected === 'symbol') {
      share.close();
      return this.#withoutBody(collected);
    }
    this.#keepShare(collected.chunks, share);
    return collected.chunks;
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
    this.#keepShare(body, share);
    return this.#handle(request.method, request.headers, body, request.signal);
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
  async #respondEarly(
    method: string,
    headers: IncomingMessage['headers'],
  ): Promise<ProgramResponse | undefined> {
    const { requiredHeaderPrefix: prefix, health } = this.#options;
    const isUnsigned =
      prefix !== '' && !Object.keys(headers).some((name) => name.startsWith(prefix));
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

  #keepShare(body: Received, share: BudgetShare): void {
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
