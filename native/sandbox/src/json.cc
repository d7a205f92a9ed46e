#include "json.h"

#include <nlohmann/json.hpp>

namespace wework_spec_sandbox {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

// The library treats a NUL as the end of the text and skips a byte order mark. RFC 8259 allows
// neither, and the platform's JSON.parse refuses both.
bool IsJson(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) return false;
  return nlohmann::json::accept(text.begin(), text.end());
}

}  // namespace wework_spec_sandbox
