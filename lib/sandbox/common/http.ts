import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectBody, tooLarge } from '../../common/body';

/** Content type of every body of the protocol. */
export const CONTENT_TYPE = 'text/plain';

export const JSON_TYPE = 'application/json; charset=UTF-8';

/** Reads the whole body; `undefined` if it is larger than the limit. Rejects when the client closes the connection first. */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer | undefined> {
  const body = await collectBody(request, { size: limit });
  if (typeof body === 'object') return body.body();
  if (body === tooLarge) return undefined;
  throw new Error('the client closed the connection');
}

/** Responds with an HTTP status and its reason as text, which helps when somebody inspects the traffic. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  reason: string,
): void {
  // A client that writes its whole body before it reads would get a broken connection instead of the status if the rest were not read.
  request.resume();
  response.setHeader('Connection', 'close');
  respond(response, status, reason);
}

/** Responds, always with a length: the sandbox library's client speaks HTTP/1.0, which has no chunks. */
export function respond(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  contentType: string = CONTENT_TYPE,
): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': length });
  response.end(body);
}

/** Sends half of a valid response, and closes the connection. */
export function cutInTheMiddle(
  response: ServerResponse,
  body: string | Buffer,
  contentType: string = CONTENT_TYPE,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
}
