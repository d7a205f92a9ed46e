import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request as httpRequest } from 'node:http';
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

/** Sends requests to a program over HTTP, on connections that are kept alive. */
export class ProgramClient {
  readonly #options: ProgramClientOptions;
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
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
  send(url: URL, message: SealedRequest, signal?: AbortSignal): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw stopped();
      signal?.throwIfAborted();
      const body = Buffer.from(message.body, 'utf8');
      const request = httpRequest(url, {
        agent: this.#agent,
        method: message.method,
        headers: { 'content-length': body.length, ...message.headers },
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
        this.#options.timeout,
      );
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.add(fail);

      request.once('response', (response) => {
        this.#read(response).then((answer) => settle(() => resolve(answer)), fail);
      });
      // Not once(): what a destroyed request still reports must have a listener.
      request.on('error', (cause) => fail(connected ? cut(cause) : notConnected(cause)));
      request.end(body);
    });
  }

  /** Closes all connections; calls in flight fail with `ERR_SANDBOX_STOPPED`. */
  close(): void {
    this.#closed = true;
    for (const fail of this.#pending) fail(stopped());
    this.#agent.destroy();
  }

  async #read(response: IncomingMessage): Promise<RawAnswer> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > this.#options.maxBodyBytes) break;
        chunks.push(chunk);
      }
    } catch (cause) {
      throw cut(cause);
    }
    if (size > this.#options.maxBodyBytes) {
      throw new SandboxError(
        'ERR_SANDBOX_ANSWER_SIZE',
        `The program's answer is larger than ${this.#options.maxBodyBytes} bytes. Answer less, or raise maxBodyBytes.`,
      );
    }
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(chunks),
    };
  }
}

function timedOut(timeout: number): SandboxError {
  return new SandboxError(
    'ERR_SANDBOX_TIMEOUT',
    `The program's answer was not complete after ${timeout} ms. Answer sooner, or raise the timeout.`,
  );
}

function notConnected(cause?: unknown): SandboxError {
  return new SandboxError(
    'ERR_SANDBOX_CONNECT',
    'No connection to the program. Check that it runs and listens on the address given as `program`.',
    { cause },
  );
}

function cut(cause: unknown): SandboxError {
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
