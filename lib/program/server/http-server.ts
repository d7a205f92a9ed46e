import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { whenAborted } from '../../common/abort';
import { integerOption, wrongType } from '../../common/options';
import { makeError } from '../../errors';
import type { Shutdown } from '../handlers/shutdown';

/** Address of a program, and handling of signals. */
export interface ListenOptions {
  /** Default 8080, the port that the platform calls. 0: any free port. */
  readonly port?: number;
  /** Default `0.0.0.0`, as the guide requires. */
  readonly host?: string;
  /**
   * Whether SIGTERM and SIGINT close the program and end the process with code 0; default false. A second signal ends the process
   * at once.
   */
  readonly signals?: boolean;
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
  async listen(options: ListenOptions, start: () => Promise<void>): Promise<AddressInfo> {
    const { port = 8080, host = '0.0.0.0' } = options;
    integerOption('options.port', port, 0, 65_535);
    if (typeof host !== 'string') throw wrongType('options.host', 'of type string', host);
    if (this.#server !== undefined) {
      throw makeError('ERR_SPEC_LISTEN', `${host}:${port}`, 'this program is already listening');
    }
    const server = createServer(this.#listener);
    this.#server = server;
    try {
      await start();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host, backlog: BACKLOG }, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      this.#server = undefined;
      if ((error as { syscall?: unknown }).syscall === undefined) throw error;
      throw makeError('ERR_SPEC_LISTEN', `${host}:${port}`, (error as Error).message);
    }
    return server.address() as AddressInfo;
  }

  /** Closes the port and idle connections; requests on other connections still get a response. */
  stopAccepting(): void {
    const server = this.#server;
    if (server === undefined) return;
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
    this.#stopCutting();
    this.#server?.closeAllConnections();
    await this.#closed;
  }
}
