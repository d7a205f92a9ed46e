#ifndef WEWORK_SPEC_SANDBOX_PLATFORM_H_
#define WEWORK_SPEC_SANDBOX_PLATFORM_H_

#include <string>

#include "config.h"
#include "fields.h"

namespace wework_spec_sandbox {

// The return values of section 7 of docs/sandbox-protocol.md that this side gives.
inline constexpr int kRetOk = 0;
inline constexpr int kRetInternal = -10001;
inline constexpr int kRetNetwork = -10002;
inline constexpr int kRetHttp = -10003;
inline constexpr int kRetSignature = -10004;
inline constexpr int kRetDecryption = -10005;
inline constexpr int kRetKeyVersion = -10008;
inline constexpr int kRetJson = -10009;

bool IsConfigured(const Config& config);

// Sends an invoke to `path` and verifies its result. Gives the platform's `ret`, and its response
// text in `response`, or a value of our own. Blocks; may run on several threads; reads no
// environment and writes no log line, because it runs where the host may be changing the
// environment.
int CallPlatform(const Config& config, const char* path, const FieldWriter& fields,
                 std::string* response);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_PLATFORM_H_
