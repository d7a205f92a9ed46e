import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyCollector, cutOff, tooLarge } from '../../common/body';
import { makeError } from '../../errors';
import type { HeadersInput } from '../../sdk/headers';
import type { Dispatcher } from '../dispatch/dispatcher';
import { InFlight } from '../dispatch/in-flight';
import { type ProgramResponse, plainResponse } from '../dispatch/response';
import type { Shutdown } from '../handlers/shutdown';
import { warn } from '../observe/guard';
import type { RequestCounters } from '../observe/request-counters';
import { methods, readBody, send } from './http';

/** The parts of the program that serve HTTP. */
export interface HttpParts {
  readonly dispatcher: Dispatcher;
  readonly counters: RequestCounters;
  readonly shutdown: Shutdown;
}

/** Serves HTTP requests of any server: checks method and size, and sends the dispatcher's response. */
export class HttpHandler {
  readonly #bodyLimit: number;
  readonly #parts: HttpParts;
  /** Requests whose response is not sent yet. */
  readonly sending = new InFlight();

  constructor(bodyLimit: number, parts: HttpParts) {
    this.#bodyLimit = bodyLimit;
    this.#parts = parts;
  }

  /** As `ZoneProgram.handle`. */
  async handle(
    method: string,
    headers: HeadersInput,
    body: string | Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<ProgramResponse> {
    if (!methods.includes(method)) return this.#methodNotAllowed();
    const size = typeof body === 'string' ? Buffer.byteLength(body) : (body?.byteLength ?? 0);
    if (size > this.#bodyLimit) return this.#bodyTooLarge();
    return this.#parts.dispatcher.dispatch(method, headers, body, signal);
  }

  /** As `ZoneProgram.requestListener`. */
  async listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await this.readBody(request);
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
    body: Buffer | ProgramResponse,
  ): Promise<void> {
    const gone = new AbortController();
    const onClose = (): void => {
      if (!response.writableFinished) gone.abort(makeError('ERR_SPEC_STOPPED', 'The client', ''));
    };
    response.once('close', onClose);
    const { method = '', headers } = request;
    const answer = Buffer.isBuffer(body)
      ? await this.handle(method, headers, body, gone.signal)
      : body;
    await send(request, response, answer, this.#parts.shutdown.hasBegun);
    response.off('close', onClose);
  }

  /** As `ZoneProgram.readBody`. */
  async readBody(request: IncomingMessage): Promise<Buffer | ProgramResponse | undefined> {
    if (!methods.includes(request.method ?? '')) return this.#methodNotAllowed();
    const body = await readBody(request, this.#bodyLimit);
    if (body === cutOff) {
      this.#parts.counters.countUnverified('cut-off');
      return undefined;
    }
    return body === tooLarge ? this.#bodyTooLarge() : body;
  }

  /** As `ZoneProgram.fetch`. */
  async fetch(request: Request): Promise<Response> {
    const { status, headers, body } = await this.#fetched(request);
    return new Response(body.length === 0 ? null : new Uint8Array(body), { status, headers });
  }

  async #fetched(request: Request): Promise<ProgramResponse> {
    if (!methods.includes(request.method)) return this.#methodNotAllowed();
    const limit = this.#bodyLimit;
    if (Number(request.headers.get('content-length') ?? 0) > limit) return this.#bodyTooLarge();
    const collector = new BodyCollector(limit);
    try {
      for await (const chunk of request.body ?? []) {
        if (!collector.add(chunk)) return this.#bodyTooLarge();
      }
    } catch {
      this.#parts.counters.countUnverified('cut-off');
      return plainResponse(400);
    }
    return this.handle(request.method, request.headers, collector.body(), request.signal);
  }

  #methodNotAllowed(): ProgramResponse {
    this.#parts.counters.countUnverified('method');
    return plainResponse(405, { allow: methods.join(', ') });
  }

  #bodyTooLarge(): ProgramResponse {
    this.#parts.counters.countUnverified('too-large');
    return plainResponse(413);
  }
}
