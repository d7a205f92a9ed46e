import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { buildConnector, Dispatcher, Pool } from 'undici';
import { BodyCollector } from '../../common/body';
import { type SandboxError, sandboxError } from '../../errors';
import { type AnswerHeaders, headersOfWire } from './answer-headers';
import type { SealedRequest } from './program-message';

// Shorter than any common server's keep-alive time, so that no request goes out on a connection
// which the program is about to close.
const IDLE_SOCKET_MS = 2000;

/** A program's HTTP answer as it came. */
export interface RawAnswer {
  readonly status: number;
  /** Lower-case names; a header that came several times has an array. */
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

/** Limits of a {@link ProgramClient}. */
export interface ProgramClientOptions {
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** Largest answer in bytes. */
  readonly maxBodyBytes: number;
}

/** How one request goes. */
export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole exchange; the client's by default. */
  readonly timeout?: number | undefined;
  /** Close the connection when half of the body is sent. */
  readonly cut?: boolean | undefined;
}

/**
 * Sends requests to programs over HTTP, on connections that are kept alive.
 *
 * By undici and not by node:http, whose client takes more of a processor's time for a small request than all the
 * cryptography of it: the sandbox would be what holds up a program under load (bench/sandbox.ts).
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
   * Sends a request and waits for the whole answer.
   *
   * @throws SandboxError `ERR_SANDBOX_CONNECT`, `ERR_SANDBOX_CUT`, `ERR_SANDBOX_TIMEOUT`,
   * `ERR_SANDBOX_ANSWER_SIZE`, `ERR_SANDBOX_STOPPED`, or `ERR_SANDBOX_UNSENDABLE` for a method or a header that cannot
   * travel; the signal's reason when it is aborted.
   */
  send(
    url: URL,
    message: SealedRequest,
    { signal, timeout = this.#options.timeout, cut: cutsOff = false }: SendOptions = {},
  ): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(this.#options.maxBodyBytes, {
        resolve: (answer) => {
          release();
          resolve(answer);
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

  /** Waits, unless the signal or the end of the client comes first; that rejects as `send` does. */
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

  /** Closes all connections; calls in flight fail with `ERR_SANDBOX_STOPPED`. */
  close(): void {
    this.#closed = true;
    for (const fail of this.#pending) fail(stopped());
    for (const pool of this.#pools.values()) void pool.destroy();
    // undici does not know them before they are connected: until then they would keep the process alive.
    for (const socket of this.#connecting) socket.destroy();
  }

  /**
   * Holds something that the signal, the end of the client or its time may end first.
   *
   * @returns lets go of it.
   * @throws `ERR_SANDBOX_STOPPED`, or the signal's reason, when that has come already.
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

  /** Taken apart once for each address: for each request it would take as long as encrypting it. */
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
        // One time limit is for the whole exchange, and it is ours.
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
      () => socket.destroy(new Error('it took too long')),
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
    // Not once(): between here and undici there is a moment in which nobody else listens.
    socket.on('error', (error) => callback(error, null));
  }
}

/** Where a request goes. */
interface Endpoint {
  readonly pool: Pool;
  readonly path: string;
}

/** Who waits for an exchange. */
interface Outcome {
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** One request and its answer, told by undici; settles once. */
class Exchange implements Dispatcher.DispatchHandlers {
  readonly #limit: number;
  readonly #outcome: Outcome;
  readonly #collector: BodyCollector;
  #status = 0;
  #headers: AnswerHeaders = {};
  #abort: (() => void) | undefined;
  #settled = false;

  constructor(limit: number, outcome: Outcome) {
    this.#limit = limit;
    this.#collector = new BodyCollector(limit);
    this.#outcome = outcome;
  }

  /** Whether the request has found a connection. */
  get connected(): boolean {
    return this.#abort !== undefined;
  }

  /** Ends the exchange and, unless it is over, its connection. */
  fail(error: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#outcome.reject(error);
    this.#abort?.();
  }

  onConnect(abort: () => void): void {
    this.#abort = abort;
    // It could not be aborted while it waited for a connection.
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

/** Where undici, Node's own and the package, keeps the dispatcher of fetch(). */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** Loaded here, so that commands that start no sandbox work without it. */
function poolOfUndici(): typeof Pool {
  const place = globalThis as { [GLOBAL_DISPATCHER]?: unknown };
  const isFree = place[GLOBAL_DISPATCHER] === undefined;
  // While undici is loaded it makes itself the dispatcher of the process's own fetch(), unless there is one.
  if (isFree) place[GLOBAL_DISPATCHER] = {};
  try {
    return (require('undici') as typeof import('undici')).Pool;
  } catch (cause) {
    const [words = ''] = String((cause as Error).message).split('\n');
    throw sandboxError('ERR_SANDBOX_INSTALLATION', ['undici', words], cause);
  } finally {
    if (isFree) delete place[GLOBAL_DISPATCHER];
  }
}

/** undici's codes for what it refuses to send. */
const CANNOT_TRAVEL: ReadonlySet<string> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** A body that ends with an error after its first half, which closes the connection. */
function halfOf({
  headers,
  body,
}: SealedRequest): Pick<Dispatcher.DispatchOptions, 'headers' | 'body'> {
  const bytes = Buffer.from(body, 'utf8');
  const half = Readable.from(
    (function* () {
      // One byte is always missing, so that no program can take it for whole.
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
  return sandboxError('ERR_SANDBOX_ANSWER_SIZE', [limit]);
}

/** For an answer that does not come in time. */
export function timedOut(timeout: number): SandboxError {
  return sandboxError('ERR_SANDBOX_TIMEOUT', [timeout]);
}

/** For a program that cannot be reached. */
export function notConnected(cause?: unknown): SandboxError {
  return sandboxError('ERR_SANDBOX_CONNECT', [], cause);
}

/** For a connection that ends too soon. */
export function cut(cause: unknown): SandboxError {
  return sandboxError('ERR_SANDBOX_CUT', [], cause);
}

/** For what is asked of a sandbox that is stopped. */
export function stopped(): SandboxError {
  return sandboxError('ERR_SANDBOX_STOPPED');
}
