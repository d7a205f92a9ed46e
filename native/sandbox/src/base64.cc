#include "base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

#include "bytes.h"

namespace wework_spec_sandbox {
namespace {

// The sizes of the pieces that are passed to OpenSSL, which takes lengths as int. Multiples of a
// base64 group: 3 bytes, 4 characters.
constexpr size_t kMaxBytes = 3 * (size_t{1} << 28);
constexpr size_t kMaxCharacters = 4 * (size_t{1} << 28);

bool InAlphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  // EVP_EncodeBlock appends a NUL, which overwrites the string's own terminator.
  unsigned char* out = Data(&text);
  while (!bytes.empty()) {
    const size_t size = std::min(bytes.size(), kMaxBytes);
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

  // EVP_DecodeBlock accepts '=' anywhere, trims white space at both ends and ignores unused bits.
  // The checks here refuse those; it detects all other errors itself.
  if (text.find('=') < text.size() - padding) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  unsigned char* out = Data(&bytes);
  for (std::string_view rest = text; !rest.empty();) {
    const size_t size = std::min(rest.size(), kMaxCharacters);
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
