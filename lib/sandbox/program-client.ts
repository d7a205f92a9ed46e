import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { Agent, request as httpRequest } from 'node:http';
import { urlToHttpOptions } from 'node:url';
import { SandboxError } from './errors';
import type { SealedRequest } from './program-message';

// Shorter than any common server's keep-alive time, so that no request goes out on a connection
// which the program is about to close.
const IDLE_SOCKET_MS = 2000;

/** A program's HTTP answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
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

/** Sends requests to a program over HTTP, on connections that are kept alive. */
export class ProgramClient {
  readonly #options: ProgramClientOptions;
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
  readonly #endpoints = new WeakMap<URL, RequestOptions>();
  readonly #pending = new Set<(error: SandboxError) => void>();
  #closed = false;

  constructor(options: ProgramClientOptions) {
    this.#options = options;
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @throws SandboxError `ERR_SANDBOX_CONNECT`, `ERR_SANDBOX_CUT`, `ERR_SANDBOX_TIMEOUT`,
   * `ERR_SANDBOX_ANSWER_SIZE` or `ERR_SANDBOX_STOPPED`; the signal's reason when it is aborted.
   */
  send(
    url: URL,
    message: SealedRequest,
    { signal, timeout = this.#options.timeout, cut: cutsOff = false }: SendOptions = {},
  ): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw stopped();
      signal?.throwIfAborted();
      const request = httpRequest({
        ...this.#endpoint(url),
        agent: this.#agent,
        method: message.method,
        headers: { 'content-length': Buffer.byteLength(message.body), ...message.headers },
      });

      let connected = false;
      request.once('socket', (socket) => {
        connected = !socket.connecting;
        // Only on new sockets: one that is kept alive would collect a listener with each request.
        if (connected) return;
        socket.once('connect', () => {
          connected = true;
        });
      });

      let settled = false;
      const settle = (finish: () => void): void => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#pending.delete(fail);
        finish();
      };
      const fail = (error: unknown): void =>
        settle(() => {
          request.destroy();
          reject(error);
        });
      const onAbort = (): void => fail(signal?.reason);
      const timer = setTimeout(
        () => fail(connected ? timedOut(this.#options.timeout) : notConnected()),
        timeout,
      );
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.add(fail);

      request.once('response', (response) => {
        this.#read(response).then((answer) => settle(() => resolve(answer)), fail);
      });
      // Not once(): what a destroyed request still reports must have a listener.
      request.on('error', (cause) => fail(connected ? cut(cause) : notConnected(cause)));
      if (!cutsOff) {
        // As a text it leaves in one piece with the headers.
        request.end(message.body, 'utf8');
        return;
      }
      // One byte is always missing, so that no program can take it for whole.
      const body = Buffer.from(message.body, 'utf8');
      request.write(body.subarray(0, body.length >>> 1), () => {
        if (request.socket?.connecting === false) request.destroy(new Error('cut on purpose'));
      });
    });
  }

  /** Waits, unless the signal or the end of the client comes first; that rejects as `send` does. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw stopped();
      signal?.throwIfAborted();
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#pending.delete(fail);
        finish();
      };
      const fail = (error: SandboxError): void => settle(() => reject(error));
      const onAbort = (): void => settle(() => reject(signal?.reason));
      const timer = setTimeout(() => settle(resolve), milliseconds);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.add(fail);
    });
  }

  /** Closes all connections; calls in flight fail with `ERR_SANDBOX_STOPPED`. */
  close(): void {
    this.#closed = true;
    for (const fail of this.#pending) fail(stopped());
    this.#agent.destroy();
  }

  /** Taken apart once for each address: for each request it would take as long as encrypting it. */
  #endpoint(url: URL): RequestOptions {
    let endpoint = this.#endpoints.get(url);
    if (endpoint === undefined) {
      endpoint = urlToHttpOptions(url);
      this.#endpoints.set(url, endpoint);
    }
    return endpoint;
  }

  #read(response: IncomingMessage): Promise<RawAnswer> {
    // By events: iterating over the stream takes a fifth of the whole request's time.
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= this.#options.maxBodyBytes) chunks.push(chunk);
        else reject(tooLarge(this.#options.maxBodyBytes));
      });
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
        }),
      );
      response.once('error', (cause) => reject(cut(cause)));
      response.once('close', () => {
        if (!response.complete) reject(cut(new Error('the answer was not complete')));
      });
    });
  }
}

function tooLarge(limit: number): SandboxError {
  return new SandboxError(
    'ERR_SANDBOX_ANSWER_SIZE',
    `The program's answer is larger than ${limit} bytes. Answer less, or raise maxBodyBytes.`,
  );
}

/** For an answer that does not come in time. */
export function timedOut(timeout: number): SandboxError {
  return new SandboxError(
    'ERR_SANDBOX_TIMEOUT',
    `The program's answer was not complete after ${timeout} ms. Answer sooner, or raise the timeout.`,
  );
}

/** For a program that cannot be reached. */
export function notConnected(cause?: unknown): SandboxError {
  return new SandboxError(
    'ERR_SANDBOX_CONNECT',
    'No connection to the program. Check that it runs and listens on the address given as `program`.',
    { cause },
  );
}

/** For a connection that ends too soon. */
export function cut(cause: unknown): SandboxError {
  return new SandboxError(
    'ERR_SANDBOX_CUT',
    'The program closed the connection before its answer was complete, or did not speak HTTP. Look into its log.',
    { cause },
  );
}

/** For what is asked of a sandbox that is stopped. */
export function stopped(): SandboxError {
  return new SandboxError(
    'ERR_SANDBOX_STOPPED',
    'The sandbox is stopped. Start another one with ZoneSandbox.start().',
  );
}
