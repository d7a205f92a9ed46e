import { connect } from 'node:net';

/** Sends half of the body that it announces, and resolves when the server has closed the connection on its side, too. */
export function abortedRequest(port: number, headers = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`POST / HTTP/1.1\r\nHost: program\r\n${headers}Content-Length: 100\r\n\r\nhalf`);
      socket.end();
    });
    socket
      .on('error', reject)
      .on('close', () => resolve())
      .resume();
  });
}
