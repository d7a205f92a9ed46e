// The addon's conversion of UTF-8 to UTF-16.
#include "runtime/strings.cc"
#include "support.h"

namespace {

// UTF-8 of well-formed UTF-16.
std::string Encode(const std::u16string& units) {
  std::string bytes;
  for (size_t i = 0; i < units.size(); ++i) {
    uint32_t point = units[i];
    if (point >= 0xD800 && point <= 0xDBFF) {
      point = 0x10000 + ((point - 0xD800) << 10) + (units[++i] - 0xDC00u);
    }
    const auto tail = [&](int shift) {
      bytes += static_cast<char>(0x80 | ((point >> shift) & 0x3F));
    };
    if (point < 0x80) {
      bytes += static_cast<char>(point);
    } else if (point < 0x800) {
      bytes += static_cast<char>(0xC0 | point >> 6);
      tail(0);
    } else if (point < 0x10000) {
      bytes += static_cast<char>(0xE0 | point >> 12);
      tail(6);
      tail(0);
    } else {
      bytes += static_cast<char>(0xF0 | point >> 18);
      tail(12);
      tail(6);
      tail(0);
    }
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(fuzz::TextOf(data, size));
  const std::u16string units = wework_spec::DecodeUtf8(bytes);
  fuzz::Require(wework_spec::IsWellFormed(units), "decoded text has no lone surrogates");
  fuzz::Require(units.size() <= bytes.size(), "decoded text is not longer");
  const bool is_ascii = wework_spec::IsAscii(bytes);
  fuzz::Require(!is_ascii || units == std::u16string(bytes.begin(), bytes.end()), "ASCII stays");
  const std::string encoded = Encode(units);
  fuzz::Require(wework_spec::DecodeUtf8(encoded) == units, "what was decoded survives");
  if (units.find(u'\xFFFD') == std::u16string::npos) {
    fuzz::Require(encoded == bytes, "text without replacements is the same in UTF-8");
  }
  return 0;
}
