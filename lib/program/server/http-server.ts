import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { whenAborted } from '../../common/abort';
import { integerOption, wrongType } from '../../common/options';
import { MAX_TIMER_MS } from '../../common/timers';
import { makeError } from '../../errors';
import type { Shutdown } from '../handlers/shutdown';

/** Address of a program, and handling of signals. */
export interface ListenOptions {
  /** Default 8080, the port that the platform calls. 0: any free port. */
  readonly port?: number;
  /** Default `0.0.0.0`, as the guide requires. */
  readonly host?: string;
  /**
   * Whether SIGTERM, SIGINT and SIGHUP close the program and end the process with code 0; default false. A second signal ends the
   * process at once.
   */
  readonly signals?: boolean;
  /** Connections at the same time, from 1; default 1024. Further ones are closed at once. */
  readonly maxConnections?: number;
  /** Milliseconds for the headers of a request; default 60,000, as nginx's `client_header_timeout`. */
  readonly headersTimeout?: number;
  /** Milliseconds for a whole request; default 300,000. The pauses in it are limited by `bodyTimeout` of the program. */
  readonly requestTimeout?: number;
  /** Milliseconds after which an idle connection is closed; default 75,000, as nginx's `keepalive_timeout`. */
  readonly keepAliveTimeout?: number;
}

/** As the official Java sample. */
const BACKLOG = 4096;

/** Milliseconds for sending the last responses after the time for the shutdown is over. */
const CUT_AFTER_MS = 500;

/** The program's own server. */
export class HttpServer {
  readonly #listener: RequestListener;
  readonly #shutdown: Shutdown;
  #server: Server | undefined;
  /** Settled when {@link listen} has opened the port, or has failed. */
  #listening: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> = Promise.resolve();
  #stopCutting: () => void = () => {};

  constructor(listener: RequestListener, shutdown: Shutdown) {
    this.#listener = listener;
    this.#shutdown = shutdown;
  }

  /**
   * @param start - starts the program before the port is opened
   * @returns rejected as `start`, and with `ERR_SPEC_LISTEN`
   */
  listen(options: ListenOptions, start: () => Promise<void>): Promise<AddressInfo> {
    const listening = this.#listen(options, start);
    this.#listening = listening.catch(() => undefined);
    return listening;
  }

  async #listen(options: ListenOptions, start: () => Promise<void>): Promise<AddressInfo> {
    const { port = 8080, host = '0.0.0.0' } = options;
    integerOption('options.port', port, 0, 65_535);
    const limits = checkedLimits(options);
    if (typeof host !== 'string') throw wrongType('options.host', 'of type string', host);
    if (this.#server !== undefined) {
      throw makeError('ERR_SPEC_LISTEN', `${host}:${port}`, 'this program is already listening');
    }
    const server = createServer(limits, this.#listener);
    server.maxConnections = limits.maxConnections;
    this.#server = server;
    try {
      await start();
      this.#refuseIfClosing();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host, backlog: BACKLOG }, () => {
          server.off('error', reject);
          resolve();
        });
      });
      this.#refuseIfClosing();
    } catch (error) {
      this.#server = undefined;
      server.close();
      if ((error as { syscall?: unknown }).syscall === undefined) throw error;
      throw makeError('ERR_SPEC_LISTEN', `${host}:${port}`, (error as Error).message);
    }
    return server.address() as AddressInfo;
  }

  /** close() may have been called while the program started or the port was opened. */
  #refuseIfClosing(): void {
    if (this.#shutdown.hasBegun) throw makeError('ERR_SPEC_STOPPED', 'The program', '');
  }

  /** Closes the port and idle connections; requests on other connections still get a response. */
  stopAccepting(): void {
    const server = this.#server;
    if (server === undefined) return;
    // Not listening yet: listen() closes the port again.
    if (!server.listening) return;
    this.#closed = new Promise((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    let timer: NodeJS.Timeout | undefined;
    const unsubscribe = whenAborted(this.#shutdown.signal, () => {
      // Responses for abandoned handlers are being sent; a client that does not read its response must not block the shutdown.
      timer = setTimeout(() => server.closeAllConnections(), CUT_AFTER_MS);
    });
    this.#stopCutting = () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }

  /** Closes the remaining connections: every complete request has its response, so they are idle or in the middle of an upload. */
  async close(): Promise<void> {
    await this.#listening;
    this.#stopCutting();
    this.#server?.closeAllConnections();
    await this.#closed;
  }
}

interface ServerLimits {
  readonly maxConnections: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly connectionsCheckingInterval: number;
}

function checkedLimits(options: ListenOptions): ServerLimits {
  const time = (
    name: 'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout',
    byDefault: number,
  ) => integerOption(`options.${name}`, options[name] ?? byDefault, 1, MAX_TIMER_MS);
  const requestTimeout = time('requestTimeout', 300_000);
  const headersTimeout = Math.min(time('headersTimeout', 60_000), requestTimeout);
  return {
    maxConnections: integerOption(
      'options.maxConnections',
      options.maxConnections ?? 1024,
      1,
      2 ** 31 - 1,
    ),
    headersTimeout,
    requestTimeout,
    keepAliveTimeout: time('keepAliveTimeout', 75_000),
    // Node checks the two above in this interval.
    connectionsCheckingInterval: Math.min(5000, headersTimeout),
  };
}
