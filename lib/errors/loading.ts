import { type Entry, error } from './entry';

/** Errors of choosing and loading the addon and the SDK library. */
export const loadingErrors = {
  ERR_SPEC_UNKNOWN_SDK: error(
    (_, value) =>
      `WEWORK_SPEC_SDK is "${value}". Set it to "vendor" (the zone, debug mode) or "sandbox" (offline work), or unset ` +
      'it for "vendor".',
  ),
  ERR_SPEC_UNSUPPORTED_PLATFORM: error(
    (platform) =>
      `There is no SDK for ${platform}: the vendor's library and the sandbox's are Linux libraries. Run the program in ` +
      'a Linux container; with WEWORK_SPEC_SDK=sandbox it works there without the vendor SDK.',
  ),
  ERR_SPEC_MUSL: error(
    (node, interpreter) =>
      `${node} runs on musl (${interpreter}), and the SDK's libraries need glibc. Use an image with glibc, for ` +
      'example node:22-bookworm-slim instead of node:22-alpine.',
  ),
  ERR_SPEC_NOT_BUILT: error((sdk, detail) => `There is no addon for the ${sdk} SDK. ${detail}`),
  ERR_SPEC_PERMISSION: error((file, what) => `Node.js may not load ${file}: ${what}`),
  ERR_SPEC_WRONG_ADDON: error(
    (file, what) => `${file} ${what}. Build it again, or correct WEWORK_SPEC_ADDON.`,
  ),
  ERR_SPEC_WRONG_ARCH: error(
    (file, archs) =>
      `${file} is for ${archs}. Use the library for this processor and build again, or run the container for the ` +
      'other one (docker run --platform).',
  ),
  ERR_SPEC_FILE_TRUNCATED: error(
    (file, size) =>
      `${file} is truncated after ${size} bytes. Copy or download it again, and compare its checksum.`,
  ),
  ERR_SPEC_FILE_DAMAGED: error(
    (file, part) =>
      `${file} is damaged: ${part} cannot be read. Copy or download it again, and compare its checksum.`,
  ),
  ERR_SPEC_LINK_AS_TEXT: error(
    (file, target) =>
      `${file} was a symbolic link to ${target} and is now a text file that contains this name; unpacking an archive on ` +
      `Windows does this. Unpack it on Linux, or replace it with ${target}.`,
  ),
  ERR_SPEC_NOT_A_LIBRARY: error(
    (file) =>
      `${file} is not a shared library. Inspect it with file and head: a download may have saved an error page or a ` +
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
      `The SDK needs ${library}, which was not found. The loader says: ${words}. Install the package that provides it ` +
      `(apt-file search ${library}, dnf provides '*/${library}').`,
  ),
  ERR_SPEC_GLIBC_TOO_OLD: error(
    (library, versions) =>
      `The C library of this system is too old (${library}): ${versions}. Use a newer system or base image, or an SDK and ` +
      'an addon that were built for this one.',
  ),
  ERR_SPEC_LIBSTDCXX_TOO_OLD: error(
    (library, versions) =>
      `The C++ library of this system is too old (${library}): ${versions}. Install a newer libstdc++6, use a newer ` +
      'base image, or build the addon with the compiler of this system.',
  ),
  ERR_SPEC_DEPENDENCY_TOO_OLD: error(
    (library, versions) =>
      `${library} is too old: ${versions}. Install a newer one, or use a newer base image.`,
  ),
  ERR_SPEC_WRONG_CXX_ABI: error(
    (library, abis) =>
      `The addon and ${library} were built for different C++ ABIs of std::string: ${abis}. Build the addon with the ` +
      'library that it will run with: npx wework-spec build --sdk-dir <folder>.',
  ),
  ERR_SPEC_UNDEFINED_SYMBOL: error(
    (symbol, words) =>
      `The SDK library does not have ${symbol}, which the addon or the library needs. The loader says: ${words}. ` +
      'The header and the library have different versions, or the library has changed since the build. Build again with ' +
      'a matching pair.',
  ),
  ERR_SPEC_LIBRARY_CHANGED: error(
    (library, addon) =>
      `${library} is not the library that ${addon} was built with: its content differs. Build the addon again with ` +
      'this one: npx wework-spec build --sdk-dir <folder>.',
  ),
  ERR_SPEC_SANDBOX_LIBRARY: error(
    (file) =>
      `${file} is the sandbox library, where the vendor's library is expected. The vendor build refuses it: requests ` +
      "signed by a sandbox must not be valid in the zone. Put the vendor's libWeWorkSpecSDK.so there, or set " +
      'WEWORK_SPEC_SDK=sandbox.',
  ),
  ERR_SPEC_SHARED_LIBRARY: error(
    (used, own) =>
      `Two copies of this package are loaded, and both use the SDK library of one of them: ${used}, and not ${own}. This fails ` +
      'as soon as their versions differ. Keep one copy: see `npm ls wework-spec-sdk`, then `npm dedupe`.',
  ),
  ERR_SPEC_LOAD_FAILED: error(
    (sdk, words) =>
      `The addon for the ${sdk} SDK cannot be loaded. The loader says: ${words} Build it again on this machine.`,
  ),
} satisfies Record<string, Entry>;
