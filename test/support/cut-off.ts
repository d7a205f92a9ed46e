import { connect } from 'node:net';
import type { SealedRequest } from 'wework-spec-sdk/sandbox';

/** Sends half of a request's body, then resets the connection. */
export function cutOff(port: number, { headers, body }: SealedRequest): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = `POST / HTTP/1.1\r\nhost: x\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`;
      socket.write(head + body.slice(0, body.length / 2), () => socket.resetAndDestroy());
    });
    socket.once('close', () => resolve());
  });
}
