import { type Entry, error } from './entry';

/** As far as the vendor's changelog says; of most parts the guides say only that the newest SDK is needed for them. */
function firstSdkWith(name: string): string {
  return name === 'GenerateNotifyId'
    ? 'The C++ SDK of 2024-09-20 or a newer one'
    : 'The newest C++ SDK (1.3.1 when this was written)';
}

/** The vendor's classes and functions. */
export const sdkErrors = {
  ERR_SPEC_CALLBACK_NOT_OK: error(
    () =>
      'The request did not pass verification, so it has no content: IsOk() is false. Answer it with ' +
      'BuildResponseHeaderBody(""), whose headers tell the platform, and read nothing from it.',
  ),
  ERR_SPEC_ALREADY_ANSWERED: error(
    () =>
      'BuildResponseHeaderBody() was already called for this request; its native state is gone. Build one answer for ' +
      'each request.',
  ),
  ERR_SPEC_QUEUE_FULL: error(
    (limit) =>
      `All threads are busy and ${limit} calls wait already. Slow down, or raise the limits with ` +
      'configureThreadPool() or WEWORK_SPEC_THREADS and WEWORK_SPEC_QUEUE_LIMIT.',
  ),
  ERR_SPEC_NO_THREAD: error(
    () =>
      'The system refused to start a thread for the call. Raise the limit of processes and threads (ulimit -u, the ' +
      "container's pids limit), or use fewer Workers.",
  ),
  ERR_SPEC_TEXT_TOO_LONG: error(
    () =>
      'The SDK returned a text longer than the longest string of JavaScript (about 512 million characters). Ask for ' +
      'less at a time.',
  ),
  ERR_SPEC_OUT_OF_MEMORY: error(
    () =>
      'The native layer could not get memory. Give the process more, or let fewer calls run at once.',
  ),
  ERR_SPEC_SDK_EXCEPTION: error(
    (_, words) =>
      `The SDK threw an exception: ${words}. The call had no result; the SDK's log may say more.`,
  ),
  ERR_SPEC_UNSUPPORTED_BY_SDK: error(
    (name) =>
      `The SDK that the addon was built with has no ${name}. ${firstSdkWith(name)} has it. Get it from the WeCom ` +
      'developer site and build again: npx wework-spec build --sdk-dir <folder>.',
  ),
  ERR_SPEC_PRIVATE_KEY: error(
    (_, words) =>
      `The private key cannot be read: ${words}. It must be an RSA key in PEM form (PKCS#1 or PKCS#8) without a ` +
      'pass phrase.',
  ),
  ERR_SPEC_SECRET_KEY: error(
    (_, words) =>
      `The secret key cannot be opened: ${words}. Check that the private key belongs to the public_key_ver of the message.`,
  ),
} satisfies Record<string, Entry>;
