import { type Entry, error } from './entry';

/** The vendor's changelog has a date for one function; for the others the guides ask for the newest SDK. */
function firstSdkWith(name: string): string {
  return name === 'GenerateNotifyId'
    ? 'The C++ SDK of 2024-09-20 or a newer one'
    : 'The newest C++ SDK (1.3.1 when this was written)';
}

/** Errors of the vendor's classes and functions. */
export const sdkErrors = {
  ERR_SPEC_CALLBACK_NOT_OK: error(
    () =>
      'The request failed verification, so it has no content: IsOk() is false. Respond with the headers and body of ' +
      'BuildResponseHeaderBody(""), and do not read from the request.',
  ),
  ERR_SPEC_ALREADY_RESPONDED: error(
    () =>
      'BuildResponseHeaderBody() was already called for this request, and its native state is released. Build only one ' +
      'response for each request.',
  ),
  ERR_SPEC_QUEUE_FULL: error(
    (limit) =>
      `All threads are busy and ${limit} calls are already waiting. Slow down, or raise the limits with ` +
      'configureThreadPool() or WEWORK_SPEC_THREADS and WEWORK_SPEC_QUEUE_LIMIT.',
  ),
  ERR_SPEC_NO_THREAD: error(
    () =>
      'The system refused to start a thread for the call. Raise the limit of processes and threads (ulimit -u, the ' +
      "container's pids limit), or use fewer Workers.",
  ),
  ERR_SPEC_TEXT_TOO_LONG: error(
    () =>
      'The SDK returned a string that is longer than JavaScript allows (about 512 million characters). Request less at ' +
      'a time.',
  ),
  ERR_SPEC_OUT_OF_MEMORY: error(
    () =>
      'The native layer could not allocate memory. Give the process more memory, or run fewer calls at once.',
  ),
  ERR_SPEC_SDK_EXCEPTION: error(
    (_, words) =>
      `The SDK threw an exception: ${words}. The call has no result; the SDK's log may have details.`,
  ),
  ERR_SPEC_UNSUPPORTED_BY_SDK: error(
    (name) =>
      `The SDK that the addon was built with has no ${name}. ${firstSdkWith(name)} has it. Get it from the WeCom ` +
      'developer site and build again: npx wework-spec build --sdk-dir <folder>.',
  ),
  ERR_SPEC_PRIVATE_KEY: error(
    (_, words) =>
      `The private key cannot be read: ${words}. It must be an RSA key in PEM format (PKCS#1 or PKCS#8) without a ` +
      'passphrase.',
  ),
  ERR_SPEC_SECRET_KEY: error(
    (_, words) =>
      `The secret key cannot be decrypted: ${words}. Check that the private key belongs to the public_key_ver of the message.`,
  ),
} satisfies Record<string, Entry>;
