#ifndef WEWORK_SPEC_SANDBOX_JSON_H_
#define WEWORK_SPEC_SANDBOX_JSON_H_

#include <string_view>

namespace wework_spec_sandbox {

// Whether the text is one JSON value as RFC 8259 defines it.
bool IsJson(std::string_view text);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_JSON_H_
