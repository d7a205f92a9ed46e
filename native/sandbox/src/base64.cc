#include "base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

namespace wework_spec_sandbox {
namespace {

// OpenSSL takes lengths as int; whole groups on both sides (3 bytes, 4 characters).
constexpr size_t kMostBytes = 3 * (size_t{1} << 28);
constexpr size_t kMostCharacters = 4 * (size_t{1} << 28);

const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool InAlphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  // The NUL that EVP_EncodeBlock puts behind the text falls on the string's own.
  unsigned char* out = reinterpret_cast<unsigned char*>(text.data());
  while (!bytes.empty()) {
    const size_t size = std::min(bytes.size(), kMostBytes);
    out += EVP_EncodeBlock(out, Data(bytes), static_cast<int>(size));
    bytes.remove_prefix(size);
  }
  return text;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.empty()) return std::string();
  if (text.size() % 4 != 0) return std::nullopt;
  const std::string_view last = text.substr(text.size() - 4);
  const size_t padding = last[3] != '=' ? 0 : last[2] != '=' ? 1 : 2;

  // EVP_DecodeBlock reads '=' as zero bits anywhere, trims white space at the ends, and ignores
  // unused bits; whatever else is wrong it finds.
  if (text.find('=') < text.size() - padding) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  unsigned char* out = reinterpret_cast<unsigned char*>(bytes.data());
  for (std::string_view rest = text; !rest.empty();) {
    const size_t size = std::min(rest.size(), kMostCharacters);
    const int expected = static_cast<int>(size / 4 * 3);
    if (!InAlphabet(rest.front())) return std::nullopt;
    if (EVP_DecodeBlock(out, Data(rest), static_cast<int>(size)) != expected) return std::nullopt;
    out += expected;
    rest.remove_prefix(size);
  }
  bytes.resize(bytes.size() - padding);
  if (EncodeBase64(std::string_view(bytes).substr(text.size() / 4 * 3 - 3)) != last) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace wework_spec_sandbox
