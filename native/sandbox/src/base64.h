#ifndef WEWORK_SPEC_SANDBOX_BASE64_H_
#define WEWORK_SPEC_SANDBOX_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

namespace wework_spec_sandbox {

std::string EncodeBase64(std::string_view bytes);

// Takes only what EncodeBase64 gives: padded, without white space, unused bits zero. So a signed or
// remembered text has no second spelling.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_BASE64_H_
