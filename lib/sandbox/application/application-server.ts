import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerInterfaceDefinition } from '../../interfaces';
import { checkFields, checkRequest, serverInterface } from '../../interfaces';
import { cutInTheMiddle, JSON_TYPE, readBody, refuse, respond } from '../common/http';
import { Listener } from '../common/listener';
import { errmsgOf, MALFORMED_REQUEST, PlatformError } from '../common/platform-error';
import type { ServerFaultRule } from '../faults/fault';
import { isJsonObject } from '../interfaces/interface';
import type { ApplicationPlatform, ServerHandlers, UploadedFile } from './handlers';
import { serverHandlers } from './handlers';

const PREFIX = '/cgi-bin/';

/** A recorded call of a server interface. It does not contain the access token. */
export interface ServerExchange {
  /** Path below `/cgi-bin/`. */
  readonly path: string;
  /** The body as text; for a form, a text with its size. */
  readonly request: string;
  /** The response body. */
  readonly response: string;
  readonly errcode: number;
  /** The platform's time in milliseconds since 1970. */
  readonly time: number;
  /** Milliseconds in which the interface was executed. */
  readonly elapsed: number;
  /** The exception of the handler, if it was not a PlatformError. */
  readonly error?: unknown;
}

/** Another service on the same port. Returns whether it handles the request. */
export type OtherService = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface ApplicationServerOptions {
  readonly platform: ApplicationPlatform;
  /** Largest body in bytes. */
  readonly maxBodyBytes: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** The fault that applies to this call of the path, if any. */
  readonly fault: (path: string) => ServerFaultRule | undefined;
  readonly observe: (exchange: ServerExchange) => void;
  readonly other: OtherService;
}

/** The HTTP server for applications: docs/server-interfaces.md. */
export class ApplicationServer {
  readonly #options: ApplicationServerOptions;
  readonly #handlers: ServerHandlers;
  readonly #listener: Listener;
  readonly #hangUps = new WeakMap<Socket, AbortSignal>();

  constructor(options: ApplicationServerOptions) {
    this.#options = options;
    this.#handlers = serverHandlers(options.platform);
    this.#listener = new Listener(
      createServer((request, response) => void this.#serve(request, response)),
    );
  }

  /** Starts to listen, and returns the port. Port 0 takes a free one. */
  listen(host: string, port: number): Promise<number> {
    return this.#listener.listen(host, port, 'serverPort');
  }

  /** Stops listening and destroys every connection. */
  close(): Promise<void> {
    return this.#listener.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.#options.other(request, response)) await this.#respond(request, response);
    } catch {
      // The application closed the connection, or a fault cut it.
      response.destroy();
    }
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request.url ?? '');
    if (url === undefined) return refuse(request, response, 400, 'the request target is invalid\n');
    const definition = url.pathname.startsWith(PREFIX)
      ? serverInterface(url.pathname.slice(PREFIX.length))
      : undefined;
    if (definition === undefined) {
      return refuse(request, response, 404, 'no such interface: see docs/server-interfaces.md\n');
    }
    if (request.method !== definition.method) {
      response.setHeader('Allow', definition.method);
      return refuse(request, response, 405, `call it with ${definition.method}\n`);
    }
    const body = await readBody(request, this.#options.maxBodyBytes);
    if (body === undefined) return refuse(request, response, 413, 'the body is too large\n');

    const hangUp = this.#hangUpOf(request.socket);
    const fault = this.#options.fault(definition.path);
    if (fault?.delay !== undefined) {
      await sleep(fault.delay, undefined, { signal: hangUp, ref: false });
    }
    if (fault?.drop) throw new Error('dropped on purpose');
    if (fault?.status !== undefined) return respond(response, fault.status, '', JSON_TYPE);

    const text = await this.#execute(definition, { request, url, body, fault }, hangUp);
    if (fault?.cut) return cutInTheMiddle(response, text, JSON_TYPE);
    return respond(response, 200, text, JSON_TYPE);
  }

  /** Aborted when the application closes the connection. One per connection: creating one per request takes 5% of its time. */
  #hangUpOf(socket: Socket): AbortSignal {
    const known = this.#hangUps.get(socket);
    if (known !== undefined) return known;
    const controller = new AbortController();
    // Any number of pipelined requests can listen at the same time.
    setMaxListeners(0, controller.signal);
    socket.once('close', () => controller.abort());
    this.#hangUps.set(socket, controller.signal);
    return controller.signal;
  }

  async #execute(
    definition: ServerInterfaceDefinition,
    call: {
      readonly request: IncomingMessage;
      readonly url: URL;
      readonly body: Buffer;
      readonly fault: ServerFaultRule | undefined;
    },
    signal: AbortSignal,
  ): Promise<string> {
    const now = this.#options.clock();
    const start = performance.now();
    const note = (errcode: number, response: string, error?: unknown): string => {
      this.#options.observe({
        path: definition.path,
        request:
          definition.fileField === undefined
            ? call.body.toString('utf8')
            : `(a form of ${call.body.length} bytes)`,
        response,
        errcode,
        time: now,
        elapsed: performance.now() - start,
        ...(error === undefined ? {} : { error }),
      });
      return response;
    };
    try {
      const fields = await this.#call(definition, call, { now, signal });
      return note(0, JSON.stringify({ errcode: 0, errmsg: errmsgOf(0), ...fields }));
    } catch (error) {
      if (error instanceof PlatformError) {
        const { errcode, message: errmsg } = error;
        return note(errcode, JSON.stringify({ errcode, errmsg }));
      }
      // The end of the connection is no failure of the handler.
      const exception = signal.aborted ? undefined : error;
      return note(-1, JSON.stringify({ errcode: -1, errmsg: errmsgOf(-1) }), exception);
    }
  }

  async #call(
    definition: ServerInterfaceDefinition,
    {
      request,
      url,
      body,
      fault,
    }: {
      readonly request: IncomingMessage;
      readonly url: URL;
      readonly body: Buffer;
      readonly fault: ServerFaultRule | undefined;
    },
    { now, signal }: { readonly now: number; readonly signal: AbortSignal },
  ): Promise<object> {
    const { platform } = this.#options;
    if (fault?.accessTokenExpired) throw new PlatformError(42001);
    if (fault?.errcode !== undefined) throw new PlatformError(fault.errcode);
    if (definition.needsToken) platform.tokens.check(url.searchParams.get('access_token'), now);
    if (definition.appTypes?.includes(platform.appType) === false) throw new PlatformError(710640);

    const query = Object.fromEntries(url.searchParams);
    delete query.access_token;
    const badQuery = checkFields(definition.query, query);
    if (badQuery !== undefined) throw PlatformError.of(badQuery);

    let file: UploadedFile | undefined;
    let fields: Record<string, unknown> = {};
    if (definition.fileField !== undefined) {
      file = await fileOf(request, body, definition.fileField);
    } else if (definition.method === 'POST') {
      fields = jsonOf(body);
      const complaint = checkRequest(definition, fields);
      if (complaint !== undefined) throw PlatformError.of(complaint);
    }
    // Safe: the request was checked against the definition from which its type is generated.
    const handler = this.#handlers[definition.path as keyof ServerHandlers] as (
      request: unknown,
    ) => object | Promise<object>;
    return handler({ query, request: fields, file, now, signal });
  }
}

/** The request target as a URL. A path may begin with two slashes, which are no host; a proxy's client sends a whole URL. */
function urlOf(target: string): URL | undefined {
  try {
    return new URL(target.startsWith('/') ? `http://sandbox${target}` : target);
  } catch {
    return undefined;
  }
}

function jsonOf(body: Buffer): Record<string, unknown> {
  // get_corp_auth_info is called without a body.
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new PlatformError(MALFORMED_REQUEST, 'the body is not JSON');
  }
  if (!isJsonObject(value)) {
    throw new PlatformError(MALFORMED_REQUEST, 'the body must be a JSON object');
  }
  return value;
}

async function fileOf(
  request: IncomingMessage,
  body: Buffer,
  field: string,
): Promise<UploadedFile | undefined> {
  const type = request.headers['content-type'] ?? '';
  let value: unknown;
  try {
    // Node.js has no other multipart parser.
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': type },
    }).formData();
    value = form.get(field);
  } catch {
    throw new PlatformError(MALFORMED_REQUEST, 'the body is not multipart/form-data');
  }
  if (!(value instanceof Blob)) return undefined;
  const { name } = value as Blob & { readonly name?: string };
  return { name: name ?? '', bytes: Buffer.from(await value.arrayBuffer()) };
}
