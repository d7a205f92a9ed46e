import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyCollector } from '../../common/body';
import { makeError } from '../../errors';
import type { ProgramResponse } from '../dispatch/response';

/** The methods that the SDK takes; the platform sends POST. */
export const methods: readonly string[] = ['GET', 'POST'];

/** The body is larger than the limit. */
export const tooLarge = Symbol('too large');

/** The connection was closed before the body was complete. */
export const cutOff = Symbol('cut off');

/**
 * The body byte for byte, or why there is none.
 *
 * @throws SpecError `ERR_SPEC_BODY_CONSUMED` when something else has read it and kept no Buffer
 */
export async function readBody(
  request: IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown },
  limit: number,
): Promise<Buffer | typeof tooLarge | typeof cutOff> {
  // Of express.raw() and the like: exactly what came. Anything that was parsed is not.
  const kept = [request.rawBody, request.body].find((body) => Buffer.isBuffer(body));
  if (kept !== undefined) return kept.length > limit ? tooLarge : kept;
  if (request.readableEnded || request.readableDidRead) {
    throw makeError('ERR_SPEC_BODY_CONSUMED', request.url ?? '', '');
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge;
  return new Promise((resolve) => {
    const collector = new BodyCollector(limit);
    const finish = (result: Buffer | typeof tooLarge | typeof cutOff): void => {
      request.off('data', take).off('end', end).off('close', close).off('error', close);
      // A late error of the connection is nobody's business any more.
      request.on('error', () => {});
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      if (!collector.add(chunk)) finish(tooLarge);
    };
    const end = (): void => finish(collector.body());
    const close = (): void => finish(cutOff);
    request.on('data', take).once('end', end).once('close', close).once('error', close);
  });
}

/** How long an upload that nobody wants is read on, so that its sender gets to read the answer. */
const UNWANTED_UPLOAD_MS = 2000;

/**
 * Sends an answer, and waits until it has left or the connection is gone.
 *
 * A body that was not read to its end would be taken for the next request, so that the connection is closed then; but not at
 * once: the reset would reach the client before the answer.
 */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: ProgramResponse,
  closeConnection: boolean,
): Promise<void> {
  if (response.destroyed || response.writableEnded) return;
  const isUnread = !request.complete;
  const gone = new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.once('finish', resolve);
  });
  response.writeHead(status, {
    ...headers,
    'content-length': String(body.length),
    ...(closeConnection || isUnread ? { connection: 'close' } : {}),
  });
  if (isUnread) {
    response.flushHeaders();
    if (body.length > 0) response.write(body);
    await drained(request);
    response.end();
  } else {
    response.end(body);
  }
  await gone;
}

function drained(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, UNWANTED_UPLOAD_MS);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', end).once('close', end).resume();
  });
}
