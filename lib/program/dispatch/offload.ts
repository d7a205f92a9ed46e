import type { Awaitable } from '../../common/awaitable';
import { joinedBody, type RequestBody, sizeOfBody } from '../../common/body';
import { isSpecError } from '../../errors';
import type { HeadersInput } from '../../sdk/headers';
import { SpecCallbackSDK, type SpecResponse } from '../../sdk/spec-callback-sdk';

/**
 * Verifies a request: on a thread if its body has at least `offloadBytes`, otherwise at once, which costs less.
 *
 * @returns rejected with, or throws, the error of loading the addon, `ERR_SPEC_INVALID_ARG_TYPE` and `ERR_SPEC_SDK_EXCEPTION`
 */
export function verifyRequest(
  method: string,
  headers: HeadersInput,
  body: RequestBody,
  offloadBytes: number,
): Awaitable<SpecCallbackSDK> {
  const here = () => new SpecCallbackSDK(method, headers, joinedBody(body));
  if (sizeOfBody(body) < offloadBytes) return here();
  return onThread(() => SpecCallbackSDK.verify(method, headers, body), here);
}

/** Builds a response: on a thread if its text has at least `offloadBytes` characters. Rejected or throws as {@link verifyRequest}. */
export function buildResponse(
  callback: SpecCallbackSDK,
  text: string,
  offloadBytes: number,
): Awaitable<SpecResponse> {
  const here = () => callback.BuildResponseHeaderBody(text);
  if (text.length < offloadBytes) return here();
  return onThread(() => callback.BuildResponseHeaderBodyAsync(text), here);
}

/** Does the work here if no thread takes it: a request that could be served is not refused. */
async function onThread<T>(there: () => Promise<T>, here: () => T): Promise<T> {
  try {
    return await there();
  } catch (error) {
    if (isSpecError(error) && ['ERR_SPEC_QUEUE_FULL', 'ERR_SPEC_NO_THREAD'].includes(error.code)) {
      return here();
    }
    throw error;
  }
}
