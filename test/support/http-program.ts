import type { RequestListener, Server } from 'node:http';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpecCallbackSDK } from 'wework-spec-sdk';
import { onTestEnd } from './clean-up';

/** A request as a server receives it. */
export interface Received {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

/** The response of a program. */
export interface HttpResponse {
  readonly status?: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
}

/** A program that listens on loopback in this process, at most until the end of the test. */
export class HttpProgram {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param respond - if it throws, the response has status 500 */
  static async start(
    respond: (received: Received) => HttpResponse | Promise<HttpResponse>,
  ): Promise<HttpProgram> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', async () => {
        try {
          const {
            status = 200,
            headers,
            body,
          } = await respond({
            request,
            body: Buffer.concat(chunks),
          });
          response.writeHead(status, headers).end(body);
        } catch {
          response.writeHead(500).end();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const program = new HttpProgram(server);
    onTestEnd(() => program.stop());
    return program;
  }

  /** The usual program: verifies requests, and responds with the result of `respond`. */
  static serve(
    respond: (callback: SpecCallbackSDK) => string | Uint8Array | Promise<string | Uint8Array>,
  ): Promise<HttpProgram> {
    return HttpProgram.start(async ({ request, body }) => {
      const callback = new SpecCallbackSDK(request.method ?? '', request.headers, body);
      return callback.BuildResponseHeaderBody(callback.IsOk() ? await respond(callback) : '');
    });
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Called with each request, in addition to the handler. */
  onRequest(listener: RequestListener): void {
    this.#server.on('request', listener);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
