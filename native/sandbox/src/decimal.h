#ifndef WEWORK_SPEC_SANDBOX_DECIMAL_H_
#define WEWORK_SPEC_SANDBOX_DECIMAL_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wework_spec_sandbox {

// A decimal number from `min` to `max` that consists only of digits. (std::from_chars by itself
// accepts trailing text.)
inline std::optional<uint64_t> ParseDecimal(std::string_view text, uint64_t min, uint64_t max) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < min || value > max) return std::nullopt;
  return value;
}

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_DECIMAL_H_
