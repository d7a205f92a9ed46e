import type { MakeError } from '../binding/native';
import { describeOutOfRange, describeReceived } from './received';

type Text = (subject: string, detail: string) => string;
interface Entry {
  readonly base: 'Error' | 'TypeError' | 'RangeError';
  readonly text: Text;
}

const error = (text: Text): Entry => ({ base: 'Error', text });

/** As far as the vendor's changelog says; of most parts the guides say only that the newest SDK is needed for them. */
function firstSdkWith(name: string): string {
  return name === 'GenerateNotifyId'
    ? 'The C++ SDK of 2024-09-20 or a newer one'
    : 'The newest C++ SDK (1.3.1 when this was written)';
}

/** Every error of this package: what its text says of the failed thing, in the SDK's or loader's own words, and what to do. */
const catalogue = {
  ERR_SPEC_INVALID_ARG_TYPE: {
    base: 'TypeError',
    text: (argument, expected) => `The argument "${argument}" must be ${expected}.`,
  },
  ERR_SPEC_INVALID_ARG_VALUE: {
    base: 'TypeError',
    text: (argument, complaint) => `The argument "${argument}" ${complaint}.`,
  },
  ERR_SPEC_OUT_OF_RANGE: {
    base: 'RangeError',
    text: (argument, range) => `"${argument}" must be ${range}.`,
  },

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

  ERR_SPEC_INVOKE_FAILED: error(
    (interfaceName, words) => `Calling ${interfaceName} failed: Invoke returned ${words}`,
  ),
  ERR_SPEC_API: error(
    (interfaceName, words) => `The platform refused ${interfaceName} with errcode ${words}`,
  ),
  ERR_SPEC_BAD_RESPONSE: error(
    (interfaceName, complaint) =>
      `The platform's answer to ${interfaceName} ${complaint}. It was dropped; SpecSdk.Invoke() gives it as it is.`,
  ),
  ERR_SPEC_TIMEOUT: error(
    (what, milliseconds) =>
      `${what} took longer than ${milliseconds} ms and was given up. The platform may have done what was asked; raise ` +
      'the timeout if it should be waited for.',
  ),
  ERR_SPEC_TASK_FAILED: error(
    (jobid, words) =>
      `The task ${jobid} failed: ${words}. Create it again if the cause is gone; it cannot be resumed.`,
  ),
  ERR_SPEC_BAD_EVENT: error(
    (what, complaint) =>
      `The data of the request is no event: ${what} ${complaint}. Only requests of call type 2 carry events.`,
  ),

  ERR_SPEC_HANDLER_EXISTS: error(
    (what) =>
      `There is a handler for ${what} already. Register each once; relayEvents() and passThrough() register abilities, too.`,
  ),
  ERR_SPEC_LISTEN: error(
    (address, words) =>
      `The program cannot listen on ${address}: ${words}. Stop what uses the port, or choose another; in the zone it must be 8080.`,
  ),
  ERR_SPEC_STOPPED: error(
    (who) => `${who} has stopped or gone away; what was under way is given up.`,
  ),
  ERR_SPEC_BODY_CONSUMED: error(
    () =>
      'The body of the request was read before the program got it, and was not kept as it came. Mount the program before body ' +
      'parsers, or use one that gives a Buffer, such as express.raw({ type: () => true }).',
  ),
  ERR_SPEC_BAD_ANSWER: error(
    (kind, complaint) =>
      `The handler returned ${kind}, which cannot be sent: ${complaint}. Return an object that can be written as JSON, or a text.`,
  ),
  ERR_SPEC_NO_RELAY: error(
    (what) =>
      `${what} needs a place for what the application shall fetch: call program.relayEvents() first.`,
  ),
  ERR_SPEC_OBSERVER_FAILED: error(
    (part, words) =>
      `${part} failed: ${words}. Answers do not depend on it. Repair it; this is reported once per process.`,
  ),
  ERR_SPEC_STORE: error(
    (store, words) =>
      `The program's store (${store}) cannot be used: ${words}. A folder must be writable and have space (dataDir or ` +
      'WEWORK_SPEC_DATA_DIR name another one); a server must be reachable.',
  ),
  ERR_SPEC_STORE_LOCKED: error(
    (folder) =>
      `Another process uses the program's store (${folder}). Stop it, give each a folder of its own (dataDir or ` +
      'WEWORK_SPEC_DATA_DIR), or let several instances share a BullMQ queue.',
  ),

  ERR_SPEC_PRIVATE_KEY: error(
    (_, words) =>
      `The private key cannot be read: ${words}. It must be an RSA key in PEM form (PKCS#1 or PKCS#8) without a ` +
      'pass phrase.',
  ),
  ERR_SPEC_KEY_VERSION: error(
    (version, versions) =>
      `There is no private key for public_key_ver ${version}; the keyring has ${versions === '' ? 'none' : versions}. Add the ` +
      'key of that version: messages keep the version they were archived with, also after a new key was set.',
  ),
  ERR_SPEC_SECRET_KEY: error(
    (_, words) =>
      `The secret key cannot be opened: ${words}. Check that the private key belongs to the public_key_ver of the message.`,
  ),

  ERR_SPEC_UNKNOWN_SDK: error(
    (_, value) =>
      `WEWORK_SPEC_SDK is "${value}". Set it to "vendor" (the zone, debug mode) or "sandbox" (offline work), or unset ` +
      'it, which means vendor.',
  ),
  ERR_SPEC_UNSUPPORTED_PLATFORM: error(
    (platform) =>
      `There is no SDK for ${platform}: the vendor's library and the sandbox's are Linux libraries. Run the program in ` +
      'a Linux container; with WEWORK_SPEC_SDK=sandbox it works there without the vendor SDK.',
  ),
  ERR_SPEC_MUSL: error(
    (node, interpreter) =>
      `${node} runs on musl (${interpreter}), and the SDK's libraries need glibc. Take an image with glibc, for ` +
      'example node:22-bookworm-slim in place of node:22-alpine.',
  ),
  ERR_SPEC_NOT_BUILT: error((sdk, detail) => `There is no addon for the ${sdk} SDK. ${detail}`),
  ERR_SPEC_WRONG_ADDON: error(
    (file, what) => `${file} ${what}. Build it again, or correct WEWORK_SPEC_ADDON.`,
  ),
  ERR_SPEC_WRONG_ARCH: error(
    (file, archs) =>
      `${file} is for ${archs}. Take the library for this processor and build again, or run the container for that ` +
      'one (docker run --platform).',
  ),
  ERR_SPEC_FILE_TRUNCATED: error(
    (file, size) =>
      `${file} is cut off after ${size} bytes. Copy or download it again, and compare its checksum.`,
  ),
  ERR_SPEC_LINK_AS_TEXT: error(
    (file, target) =>
      `${file} was a symbolic link to ${target} and is now a text file with that name in it, as archives unpacked on ` +
      `Windows have it. Unpack it on Linux, or put ${target} in its place.`,
  ),
  ERR_SPEC_NOT_A_LIBRARY: error(
    (file) =>
      `${file} is no shared library. Look at what it is (file, head); a download may have saved an error page or a ` +
      'Git LFS pointer under this name.',
  ),
  ERR_SPEC_LIBRARY_MISSING: error(
    (library, words) =>
      `The library ${library} was not found. The loader says: ${words} Put it, or a link to it, into the addon's ` +
      'folder (npx wework-spec link --sdk-dir <folder>), or build again.',
  ),
  ERR_SPEC_OPENSSL_MISSING: error(
    (library, words) =>
      `The SDK needs OpenSSL 3, and ${library} was not found. The loader says: ${words}. Install it: apt-get install ` +
      'libssl3 (Debian 12, Ubuntu 22.04), libssl3t64 (Debian 13, Ubuntu 24.04), dnf install openssl-libs (RHEL 9).',
  ),
  ERR_SPEC_DEPENDENCY_MISSING: error(
    (library, words) =>
      `The SDK needs ${library}, which was not found. The loader says: ${words}. Install the package that has it ` +
      `(apt-file search ${library}, dnf provides '*/${library}').`,
  ),
  ERR_SPEC_GLIBC_TOO_OLD: error(
    (library, versions) =>
      `The C library of this system is too old (${library}): ${versions}. Take a newer system or base image, or an SDK and ` +
      'an addon that were built for this one.',
  ),
  ERR_SPEC_LIBSTDCXX_TOO_OLD: error(
    (library, versions) =>
      `The C++ library of this system is too old (${library}): ${versions}. Install a newer libstdc++6, take a newer ` +
      'base image, or build the addon with the compiler of this system.',
  ),
  ERR_SPEC_DEPENDENCY_TOO_OLD: error(
    (library, versions) =>
      `${library} is too old: ${versions}. Install a newer one, or take a newer base image.`,
  ),
  ERR_SPEC_WRONG_CXX_ABI: error(
    (library, abis) =>
      `The addon and ${library} were built for different C++ ABIs of std::string: ${abis}. Build the addon with the ` +
      'library that it is to run with: npx wework-spec build --sdk-dir <folder>.',
  ),
  ERR_SPEC_UNDEFINED_SYMBOL: error(
    (symbol, words) =>
      `The SDK library does not have ${symbol}, which the addon or the library needs. The loader says: ${words}. ` +
      'Header and library are of different versions, or the library is another one than at build time; build again ' +
      'with the pair that belongs together.',
  ),
  ERR_SPEC_LIBRARY_CHANGED: error(
    (library, addon) =>
      `${library} is not the library that ${addon} was built with: its content differs. Build the addon again with ` +
      'this one: npx wework-spec build --sdk-dir <folder>.',
  ),
  ERR_SPEC_SANDBOX_LIBRARY: error(
    (file) =>
      `${file} is the sandbox library in the place of the vendor's. The vendor build does not work with it: requests ` +
      "signed by a sandbox must not pass in the zone. Put the vendor's libWeWorkSpecSDK.so there, or set " +
      'WEWORK_SPEC_SDK=sandbox.',
  ),
  ERR_SPEC_LOAD_FAILED: error(
    (sdk, words) =>
      `The addon for the ${sdk} SDK cannot be loaded. The loader says: ${words} Build it again on this machine.`,
  ),

  ERR_SPEC_SDK_DIR: error(
    (place, complaint) =>
      `The vendor's SDK was not found in ${place}: ${complaint}. Give the folder or archive with cpp_sdk.h and ` +
      'libWeWorkSpecSDK.so as --sdk-dir or WEWORK_SPEC_SDK_DIR.',
  ),
  ERR_SPEC_COMPILER_MISSING: error(
    (compiler, words) =>
      `The C++ compiler ${compiler} does not run: ${words}. Install it: apt-get install g++ (Debian, Ubuntu), dnf ` +
      'install gcc-c++ (RHEL), or name another one in CXX.',
  ),
  ERR_SPEC_HEADER_DIFFERS: error(
    (header, differences) =>
      `${header} does not have what the adapter needs:\n${differences}\nThe adapter follows the vendor's guide ` +
      '(https://developer.work.weixin.qq.com/document/path/99948). If this is a newer SDK, look for a newer version of ' +
      'this package, or report the lines above.',
  ),
  ERR_SPEC_BUILD_FAILED: error(
    (what, words) =>
      `${what} failed:\n${words}\nReport this with the output of npx wework-spec doctor.`,
  ),
} satisfies Record<string, Entry>;

/** The codes of this package's errors; docs/errors.md has cause and action for each. */
export type SpecErrorCode = keyof typeof catalogue;

/** All of them. */
export const specErrorCodes = Object.keys(catalogue) as SpecErrorCode[];

/** An error of this package that is neither a TypeError nor a RangeError. */
export class SpecError extends Error {
  override readonly name: string = 'SpecError';
  /** Stable; the text is not. */
  readonly code: SpecErrorCode;

  constructor(code: SpecErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Whether a caught value is an error of this package: a {@link SpecError}, or a TypeError or RangeError for a bad
 * argument. It has a `code` then.
 */
export function isSpecError(value: unknown): value is Error & { readonly code: SpecErrorCode } {
  return value instanceof Error && 'code' in value && String(value.code) in catalogue;
}

/** The text of an error; for classes that carry more than a code. */
export function errorText(code: SpecErrorCode, subject: string, detail: string): string {
  return (catalogue[code] as Entry).text(subject, detail);
}

/** Makes the error for a code. The addon and the loader use it too, so all texts stand in this file. */
export const makeError: MakeError = (code, subject, detail, ...received) => {
  const { base } = catalogue[code as SpecErrorCode] as Entry;
  let message = errorText(code as SpecErrorCode, subject, detail);
  if (received.length > 0) {
    const describe = base === 'RangeError' ? describeOutOfRange : describeReceived;
    message += ` Received ${describe(received[0], subject)}`;
  }
  if (base === 'Error') return new SpecError(code as SpecErrorCode, message);
  const argumentError = base === 'TypeError' ? new TypeError(message) : new RangeError(message);
  return Object.assign(argumentError, { code });
};
