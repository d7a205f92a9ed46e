#include "json.h"

#include <nlohmann/json.hpp>

namespace wework_spec_sandbox {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

// The library would take a NUL for the end of the text, and pass over a byte order mark; RFC 8259
// has neither, and JSON.parse on the other side refuses both.
bool IsJson(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) return false;
  return nlohmann::json::accept(text.begin(), text.end());
}

}  // namespace wework_spec_sandbox
