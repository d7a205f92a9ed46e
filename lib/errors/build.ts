import { type Entry, error } from './entry';

/** Errors of building the addon for the vendor SDK. */
export const buildErrors = {
  ERR_SPEC_SDK_DIR: error(
    (place, complaint) =>
      `The vendor's SDK was not found in ${place}: ${complaint}. Name the folder or archive with cpp_sdk.h and ` +
      'libWeWorkSpecSDK.so with --sdk-dir or WEWORK_SPEC_SDK_DIR.',
  ),
  ERR_SPEC_COMPILER_MISSING: error(
    (compiler, words) =>
      `The C++ compiler ${compiler} does not run: ${words}. Install it: apt-get install g++ (Debian, Ubuntu), dnf ` +
      'install gcc-c++ (RHEL), or name another compiler in CXX.',
  ),
  ERR_SPEC_HEADER_DIFFERS: error(
    (header, differences) =>
      `${header} lacks declarations that the adapter needs:\n${differences}\nThe adapter follows the vendor's guide ` +
      '(https://developer.work.weixin.qq.com/document/path/99948). If this is a newer SDK, look for a newer version of ' +
      'this package, or report the lines above.',
  ),
  ERR_SPEC_BUILD_FAILED: error(
    (what, words) =>
      `${what} failed:\n${words}\nReport this with the output of npx wework-spec doctor.`,
  ),
} satisfies Record<string, Entry>;
