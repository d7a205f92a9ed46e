import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** A response with its whole body. */
export interface DirectResponse {
  readonly status: number;
  /** Content-Type; empty if there is none. */
  readonly type: string;
  readonly body: string;
}

/** What to send. */
export interface DirectRequest {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request without a proxy and waits for the response as long as it takes. fetch() uses the proxy of `HTTP_PROXY` if
 * `NODE_USE_ENV_PROXY` is set, which would get the token of a sandbox on this machine, and gives up after five minutes.
 *
 * @throws TypeError for an invalid URL; the error of the connection; the signal's reason
 */
export async function directRequest(
  url: string,
  { method, headers = {}, body = '', signal }: DirectRequest,
): Promise<DirectResponse> {
  const target = new URL(url);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  signal?.throwIfAborted();
  const chunks: Buffer[] = [];
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const length = Buffer.byteLength(body);
    // The global agent may have a proxy; `false` makes one without.
    const options = { method, headers: { ...headers, 'content-length': length }, agent: false };
    const request = send(target, options, resolve);
    request.once('error', reject);
    signal?.addEventListener('abort', () => request.destroy(signal.reason), { once: true });
    request.end(body);
  });
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'] ?? '',
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Whether a URL leads to this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(?:(?:.*\.)?localhost\.?|127(?:\.\d+){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]+\])$/.test(
    hostname,
  );
}
