#ifndef WEWORK_SPEC_SANDBOX_PLATFORM_H_
#define WEWORK_SPEC_SANDBOX_PLATFORM_H_

#include <string>

#include "config.h"
#include "fields.h"

namespace wework_spec_sandbox {

// The return values that the SDK itself produces (docs/sandbox-protocol.md, section 7).
inline constexpr int kRetOk = 0;
inline constexpr int kRetInternal = -10001;
inline constexpr int kRetNetwork = -10002;
inline constexpr int kRetHttp = -10003;
inline constexpr int kRetSignature = -10004;
inline constexpr int kRetDecryption = -10005;
inline constexpr int kRetKeyVersion = -10008;
inline constexpr int kRetJson = -10009;

// Whether a key and a platform are configured.
bool IsConfigured(const Config& config);

// Sends an invoke to `path` and verifies its result. Returns the platform's `ret` and sets
// `response`, or returns one of the values above. Blocks. May run on several threads at once.
int CallPlatform(const Config& config, const char* path, const FieldWriter& fields,
                 std::string* response);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_PLATFORM_H_
