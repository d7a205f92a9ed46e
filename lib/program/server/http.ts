import type { IncomingMessage } from 'node:http';
import { makeError } from '../../errors';

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
  if (Buffer.isBuffer(request.rawBody)) return request.rawBody;
  if (Buffer.isBuffer(request.body)) return request.body;
  if (request.readableEnded || request.readableDidRead) {
    throw makeError('ERR_SPEC_BODY_CONSUMED', request.url ?? '', '');
  }
  return undefined;
}

/** Whether a request has a header whose name begins so. @param prefix - in lower case */
export function hasHeader(headers: IncomingMessage['headers'], prefix: string): boolean {
  for (const name in headers) if (name.startsWith(prefix)) return true;
  return false;
}
