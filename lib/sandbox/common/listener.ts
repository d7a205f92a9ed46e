import type { AddressInfo, Server, Socket } from 'node:net';
import { sandboxError } from '../../errors';

/** A server of the sandbox on an address of this machine. */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    // closeAllConnections() misses connections whose TLS handshake is not complete.
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * Starts to listen and returns the port.
   *
   * @param port - 0: any free one
   * @param option - the name of the option that sets the port, for the error
   * @throws SandboxError `ERR_SANDBOX_LISTEN`
   */
  listen(host: string, port: number, option: 'port' | 'serverPort'): Promise<number> {
    return new Promise((resolve, reject) => {
      const onError = (cause: Error): void => {
        const address = `${host}:${port}`;
        reject(sandboxError('ERR_SANDBOX_LISTEN', [address, cause.message, option], cause));
      };
      this.#server.once('error', onError);
      this.#server.listen(port, host, () => {
        this.#server.off('error', onError);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Stops listening and destroys every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      // The only possible error is "not running", which is the wanted state.
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}
