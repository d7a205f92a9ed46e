import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { buildConnector, Dispatcher, Pool } from 'undici';
import { BodyCollector } from '../../common/body';
import { firstLine } from '../../common/text';
import { type SandboxError, sandboxError } from '../../errors';
import type { SealedRequest } from './program-message';
import { headersOfWire, type ResponseHeaders } from './response-headers';

// Shorter than the keep-alive time of any common server, so that no request is sent on a connection that the program is about to
// close.
const IDLE_SOCKET_MS = 2000;

/** A program's HTTP response as received. */
export interface RawResponse {
  /** HTTP status. */
  readonly status: number;
  /** Lower-case names; the values of a repeated header are an array. */
  readonly headers: ResponseHeaders;
  /** The body as received, still encrypted. */
  readonly body: Buffer;
}

/** Limits of a {@link ProgramClient}. */
export interface ProgramClientOptions {
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** Limit of a response in bytes. */
  readonly maxBodyBytes: number;
}

/** Options of one request. */
export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole exchange; the client's by default. */
  readonly timeout?: number | undefined;
  /** Closes the connection when half of the body is sent. */
  readonly cut?: boolean | undefined;
}

/**
 * Sends requests to programs over HTTP, on keep-alive connections.
 *
 * Uses undici, because the client of node:http needs more processor time for a small request than all its cryptography. With it, the
 * sandbox would be the bottleneck of a load test (bench/sandbox.ts).
 */
export class ProgramClient {
  readonly #options: ProgramClientOptions;
  readonly #Pool = poolOfUndici();
  readonly #pools = new Map<string, Pool>();
  readonly #endpoints = new WeakMap<URL, Endpoint>();
  readonly #pending = new Set<(error: SandboxError) => void>();
  readonly #connecting = new Set<Socket>();
  #closed = false;

  /** @throws SandboxError `ERR_SANDBOX_INSTALLATION`. */
  constructor(options: ProgramClientOptions) {
    this.#options = options;
  }

  /**
   * Sends a request and waits for the complete response.
   *
   * @throws SandboxError `ERR_SANDBOX_CONNECT`, `ERR_SANDBOX_CUT`, `ERR_SANDBOX_TIMEOUT`,
   * `ERR_SANDBOX_RESPONSE_SIZE`, `ERR_SANDBOX_STOPPED`, or `ERR_SANDBOX_UNSENDABLE` for a method or a header that cannot
   * travel; the signal's reason when it is aborted.
   */
  send(
    url: URL,
    message: SealedRequest,
    { signal, timeout = this.#options.timeout, cut: cutsOff = false }: SendOptions = {},
  ): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(this.#options.maxBodyBytes, {
        resolve: (response) => {
          release();
          resolve(response);
        },
        reject: (error) => {
          release();
          reject(error);
        },
      });
      const release = this.#pend(timeout, signal, {
        fail: (error) => exchange.fail(error),
        late: () =>
          exchange.fail(exchange.connected ? timedOut(this.#options.timeout) : notConnected()),
      });

      const { pool, path } = this.#endpoint(url);
      const { method, headers, body } = message;
      pool.dispatch(
        cutsOff
          ? { path, method: method as Dispatcher.HttpMethod, ...halfOf(message) }
          : { path, method: method as Dispatcher.HttpMethod, headers, body },
        exchange,
      );
    });
  }

  /** Waits. Rejects as `send` does if the signal is aborted or the client is closed first. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const release = this.#pend(milliseconds, signal, {
        fail: (error) => {
          release();
          reject(error);
        },
        late: () => {
          release();
          resolve();
        },
      });
    });
  }

  /** Closes all connections. Calls in progress reject with `ERR_SANDBOX_STOPPED`. */
  close(): void {
    this.#closed = true;
    for (const fail of this.#pending) fail(stopped());
    for (const pool of this.#pools.values()) void pool.destroy();
    // undici does not close sockets that are still connecting, and they would keep the process alive.
    for (const socket of this.#connecting) socket.destroy();
  }

  /**
   * Registers a pending operation: calls `fail` when the signal is aborted or the client is closed, and `late` after the time.
   *
   * @returns a function that ends the registration.
   * @throws `ERR_SANDBOX_STOPPED` if the client is closed, or the signal's reason if it is already aborted.
   */
  #pend(
    milliseconds: number,
    signal: AbortSignal | undefined,
    { fail, late }: { readonly fail: (error: unknown) => void; readonly late: () => void },
  ): () => void {
    if (this.#closed) throw stopped();
    signal?.throwIfAborted();
    const onAbort = (): void => fail(signal?.reason);
    const timer = setTimeout(late, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#pending.add(fail);
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#pending.delete(fail);
    };
  }

  /** Cached for each address: parsing it takes as long as encrypting a small request. */
  #endpoint(url: URL): Endpoint {
    let endpoint = this.#endpoints.get(url);
    if (endpoint === undefined) {
      endpoint = { pool: this.#pool(url.origin), path: url.pathname + url.search };
      this.#endpoints.set(url, endpoint);
    }
    return endpoint;
  }

  #pool(origin: string): Pool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      pool = new this.#Pool(origin, {
        keepAliveTimeout: IDLE_SOCKET_MS,
        keepAliveMaxTimeout: IDLE_SOCKET_MS,
        connect: (target, callback) => this.#connect(target, callback),
        // The time limit of `send` covers the whole exchange.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      this.#pools.set(origin, pool);
    }
    return pool;
  }

  #connect({ hostname, port }: buildConnector.Options, callback: buildConnector.Callback): void {
    const socket = connect({ host: hostname, port: Number(port || 80), noDelay: true });
    this.#connecting.add(socket);
    const late = setTimeout(
      () => socket.destroy(new Error('connecting took too long')),
      this.#options.timeout,
    );
    const settle = (): void => {
      clearTimeout(late);
      this.#connecting.delete(socket);
    };
    socket.once('close', settle);
    socket.once('connect', () => {
      settle();
      callback(null, socket);
    });
    // Not once(): undici adds its own listener a moment later, and an error before that would be uncaught.
    socket.on('error', (error) => callback(error, null));
  }
}

/** Destination of a request. */
interface Endpoint {
  readonly pool: Pool;
  readonly path: string;
}

/** The functions that settle the promise of an exchange. */
interface Outcome {
  readonly resolve: (response: RawResponse) => void;
  readonly reject: (error: unknown) => void;
}

/** One request and its response, with the callbacks of undici. Settles once. */
class Exchange implements Dispatcher.DispatchHandlers {
  readonly #limit: number;
  readonly #outcome: Outcome;
  readonly #collector: BodyCollector;
  #status = 0;
  #headers: ResponseHeaders = {};
  #abort: (() => void) | undefined;
  #settled = false;

  constructor(limit: number, outcome: Outcome) {
    this.#limit = limit;
    this.#collector = new BodyCollector(limit);
    this.#outcome = outcome;
  }

  /** Whether the request has a connection. */
  get connected(): boolean {
    return this.#abort !== undefined;
  }

  /** Rejects the exchange and closes its connection, unless the exchange has already settled. */
  fail(error: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#outcome.reject(error);
    this.#abort?.();
  }

  onConnect(abort: () => void): void {
    this.#abort = abort;
    // undici cannot abort a request that waits for a connection, so a failure before now takes effect here.
    if (this.#settled) abort();
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    this.#status = status;
    this.#headers = headersOfWire(headers);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (!this.#collector.add(chunk)) this.fail(tooLarge(this.#limit));
    return true;
  }

  onComplete(): void {
    if (this.#settled) return;
    this.#settled = true;
    const body = this.#collector.body();
    this.#outcome.resolve({ status: this.#status, headers: this.#headers, body });
  }

  onError(cause: Error & { code?: string }): void {
    if (cause.code !== undefined && CANNOT_TRAVEL.has(cause.code)) this.fail(cannotTravel(cause));
    else this.fail(this.connected ? cut(cause) : notConnected(cause));
  }
}

/** Where undici (both Node's copy and the package) stores the dispatcher of fetch(). */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** Loads undici on first use, so that commands without a sandbox do not need it. */
function poolOfUndici(): typeof Pool {
  const place = globalThis as { [GLOBAL_DISPATCHER]?: unknown };
  const isFree = place[GLOBAL_DISPATCHER] === undefined;
  // On loading, undici becomes the dispatcher of the process's own fetch(), unless there is one. A placeholder prevents that.
  if (isFree) place[GLOBAL_DISPATCHER] = {};
  try {
    return (require('undici') as typeof import('undici')).Pool;
  } catch (cause) {
    const words = firstLine(String((cause as Error).message));
    throw sandboxError('ERR_SANDBOX_INSTALLATION', ['undici', words], cause);
  } finally {
    if (isFree) delete place[GLOBAL_DISPATCHER];
  }
}

/** undici's codes for requests that it refuses to send. */
const CANNOT_TRAVEL: ReadonlySet<string> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** A body that fails after its first half, which closes the connection. */
function halfOf({
  headers,
  body,
}: SealedRequest): Pick<Dispatcher.DispatchOptions, 'headers' | 'body'> {
  const bytes = Buffer.from(body, 'utf8');
  const half = Readable.from(
    (function* () {
      // At least one byte is always missing, so that the body is never complete.
      yield bytes.subarray(0, bytes.length >>> 1);
      throw new Error('cut on purpose');
    })(),
  );
  return { headers: { 'content-length': String(bytes.length), ...headers }, body: half };
}

function cannotTravel(cause: Error): SandboxError {
  return sandboxError('ERR_SANDBOX_UNSENDABLE', [cause.message], cause);
}

function tooLarge(limit: number): SandboxError {
  return sandboxError('ERR_SANDBOX_RESPONSE_SIZE', [limit]);
}

/** The error for a response that is not complete in time. */
export function timedOut(timeout: number): SandboxError {
  return sandboxError('ERR_SANDBOX_TIMEOUT', [timeout]);
}

/** The error for a program that cannot be reached. */
export function notConnected(cause?: unknown): SandboxError {
  return sandboxError('ERR_SANDBOX_CONNECT', [], cause);
}

/** The error for a connection that was closed before the response was complete. */
export function cut(cause: unknown): SandboxError {
  return sandboxError('ERR_SANDBOX_CUT', [], cause);
}

/** The error for operations of a stopped sandbox. */
export function stopped(): SandboxError {
  return sandboxError('ERR_SANDBOX_STOPPED');
}
