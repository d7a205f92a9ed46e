import type { IncomingMessage, ServerResponse } from 'node:http';
import { makeError } from '../../errors';
import type { ProgramResponse } from '../dispatch/response';

/** The methods that the SDK accepts; the platform sends POST. */
export const methods: readonly string[] = ['GET', 'POST'];

/** A request as body parsers of other servers leave it. */
type ParsedRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown };

/**
 * The body that another parser has kept byte for byte, as express.raw() does.
 *
 * @throws SpecError `ERR_SPEC_BODY_CONSUMED` if another parser has read it without keeping a Buffer
 */
export function keptBody(request: ParsedRequest): Buffer | undefined {
  const kept = [request.rawBody, request.body].find((body) => Buffer.isBuffer(body));
  if (kept === undefined && (request.readableEnded || request.readableDidRead)) {
    throw makeError('ERR_SPEC_BODY_CONSUMED', request.url ?? '', '');
  }
  return kept;
}

/** Milliseconds for which a rejected upload is still read, so that the client receives the response. */
const UNWANTED_UPLOAD_MS = 2000;

/**
 * Sends a response, and waits until it is sent or the connection is closed.
 *
 * If the body was not read completely, the connection is closed, because the rest would be parsed as the next request. It is closed
 * with a delay, because the reset could reach the client before the response.
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
