// The addon's conversions between UTF-8 and UTF-16.
#include <cstring>
#include <string>
#include <vector>

#include "runtime/utf.cc"
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

bool IsWellFormed(const std::u16string& units) {
  for (size_t i = 0; i < units.size(); ++i) {
    if ((units[i] & 0xF800) != 0xD800) continue;
    const bool is_pair =
        (units[i] & 0xFC00) == 0xD800 && i + 1 < units.size() && (units[i + 1] & 0xFC00) == 0xDC00;
    if (!is_pair) return false;
    ++i;
  }
  return true;
}

// In memory of exactly that size, so that the sanitizer notices a step beyond it.
std::u16string Decode(const std::string& bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  std::vector<char16_t> units(bytes.size());
  units.resize(wework_spec::DecodeUtf8(exact.data(), exact.size(), units.data()));
  return {units.begin(), units.end()};
}

// The memory of `out` keeps what another text has left.
void CheckEncoding(const std::u16string& units) {
  static std::string out;
  const std::vector<char16_t> exact(units.begin(), units.end());
  const bool is_encoded = wework_spec::EncodeUtf8(exact.data(), exact.size(), &out);
  fuzz::Require(is_encoded == IsWellFormed(units), "a lone surrogate is found");
  if (is_encoded) fuzz::Require(out == Encode(units), "encoded as UTF-8");
  const bool is_narrow = wework_spec::NarrowToBytes(exact.data(), exact.size(), &out);
  bool is_latin1 = true;
  for (const char16_t unit : units) is_latin1 = is_latin1 && unit <= 0xFF;
  fuzz::Require(is_narrow == is_latin1, "a unit above U+00FF is found");
  if (is_narrow) {
    fuzz::Require(out.size() == units.size(), "a byte for each unit");
    for (size_t i = 0; i < units.size(); ++i) {
      fuzz::Require(static_cast<unsigned char>(out[i]) == units[i], "the byte is the unit");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(fuzz::TextOf(data, size));
  const std::u16string units = Decode(bytes);
  fuzz::Require(IsWellFormed(units), "decoded text has no lone surrogates");
  fuzz::Require(units.size() <= bytes.size(), "decoded text is not longer");
  const bool is_ascii = wework_spec::IsAscii(bytes.data(), bytes.size());
  bool has_high = false;
  for (const char byte : bytes) has_high = has_high || static_cast<unsigned char>(byte) > 0x7F;
  fuzz::Require(is_ascii != has_high, "ASCII is recognised");
  fuzz::Require(!is_ascii || units == std::u16string(bytes.begin(), bytes.end()), "ASCII stays");
  const std::string encoded = Encode(units);
  fuzz::Require(Decode(encoded) == units, "what was decoded survives");
  if (units.find(u'\xFFFD') == std::u16string::npos) {
    fuzz::Require(encoded == bytes, "text without replacements is the same in UTF-8");
  }
  CheckEncoding(units);
  // The same bytes as UTF-16, of which many are ill-formed.
  std::u16string raw(size / 2, u'\0');
  std::memcpy(raw.data(), data, raw.size() * sizeof(char16_t));
  CheckEncoding(raw);
  return 0;
}
