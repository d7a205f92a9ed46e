#include "fields.h"

#include <bitset>

namespace wework_spec_sandbox {
namespace {

constexpr size_t kHeaderSize = 5;

}  // namespace

void FieldWriter::Add(Tag tag, std::string_view value) {
  const auto size = static_cast<uint32_t>(value.size());
  const char header[kHeaderSize] = {static_cast<char>(tag), static_cast<char>(size >> 24),
                                    static_cast<char>(size >> 16), static_cast<char>(size >> 8),
                                    static_cast<char>(size)};
  content_.append(header, kHeaderSize).append(value);
}

std::optional<FieldReader> FieldReader::Parse(std::string_view content) {
  FieldReader reader;
  std::bitset<256> seen;
  while (!content.empty()) {
    if (content.size() < kHeaderSize) return std::nullopt;
    const auto byte = [content](size_t i) -> uint32_t {
      return static_cast<unsigned char>(content[i]);
    };
    const size_t tag = byte(0);
    const size_t size = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
    content.remove_prefix(kHeaderSize);
    if (size > content.size() || seen.test(tag)) return std::nullopt;
    seen.set(tag);
    if (tag < reader.fields_.size()) reader.fields_[tag] = content.substr(0, size);
    content.remove_prefix(size);
  }
  return reader;
}

}  // namespace wework_spec_sandbox
