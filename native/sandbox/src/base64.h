#ifndef WEWORK_SPEC_SANDBOX_BASE64_H_
#define WEWORK_SPEC_SANDBOX_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

namespace wework_spec_sandbox {

std::string EncodeBase64(std::string_view bytes);

// Accepts only the form that EncodeBase64 produces: padded, without white space, unused bits zero.
// So a signature or a nonce has exactly one encoding.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_BASE64_H_
