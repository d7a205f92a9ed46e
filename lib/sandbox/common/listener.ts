import type { AddressInfo, Server, Socket } from 'node:net';
import { sandboxError } from '../../errors';

/** A server of the sandbox on an address of this machine. */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    // closeAllConnections() does not know the connections whose handshake is not over yet.
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * Starts to listen; answers the port. Port 0 means any free one.
   *
   * @param complaint - what to say when the address is not to be had, and what to do about it.
   * @throws SandboxError `ERR_SANDBOX_LISTEN`.
   */
  listen(host: string, port: number, complaint: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const onError = (cause: Error): void => {
        reject(sandboxError('ERR_SANDBOX_LISTEN', '', complaint, cause));
      };
      this.#server.once('error', onError);
      this.#server.listen(port, host, () => {
        this.#server.off('error', onError);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Stops to listen and destroys every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      // The only error here is "not running", which is what was asked for.
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}
