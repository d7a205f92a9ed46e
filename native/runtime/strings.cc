#include "runtime/strings.h"

#include <cstdint>
#include <cstring>
#include <iterator>
#include <utility>

#include "runtime/errors.h"

namespace wework_spec {
namespace {

constexpr char kReplacementUtf8[] = "\xEF\xBF\xBD";
constexpr char16_t kReplacement = u'\xFFFD';

std::u16string ReadUtf16(const Napi::String& value) {
  const napi_env env = value.Env();
  // One call is enough for a short string, which most are.
  char16_t buffer[256];
  size_t length = 0;
  NAPI_THROW_IF_FAILED(env,
                       napi_get_value_string_utf16(env, value, buffer, std::size(buffer), &length),
                       std::u16string());
  if (length < std::size(buffer) - 1) return std::u16string(buffer, length);
  NAPI_THROW_IF_FAILED(env, napi_get_value_string_utf16(env, value, nullptr, 0, &length),
                       std::u16string());
  std::u16string units(length, u'\0');
  // The API writes a terminating zero; std::u16string has room for it after its last unit.
  NAPI_THROW_IF_FAILED(env,
                       napi_get_value_string_utf16(env, value, units.data(), length + 1, &length),
                       std::u16string());
  return units;
}

bool IsWellFormed(const std::u16string& units) {
  for (size_t i = 0; i < units.size(); ++i) {
    const char16_t unit = units[i];
    if (unit < 0xD800 || unit > 0xDFFF) continue;
    const bool pair =
        unit < 0xDC00 && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] <= 0xDFFF;
    if (!pair) return false;
    ++i;
  }
  return true;
}

constexpr size_t kWord = sizeof(uint64_t);

bool IsAsciiWord(const char* data) {
  uint64_t word;
  std::memcpy(&word, data, kWord);
  return (word & 0x8080808080808080) == 0;
}

bool IsAscii(const std::string& text) {
  size_t i = 0;
  while (i + kWord <= text.size() && IsAsciiWord(text.data() + i)) i += kWord;
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i == text.size();
}

// The UTF-8 decoder of the WHATWG Encoding Standard: the longest prefix of a valid sequence is
// replaced by one U+FFFD, so the result equals that of TextDecoder.
std::u16string DecodeUtf8(const std::string& bytes) {
  std::u16string units;
  units.resize(bytes.size());  // UTF-16 never needs more units than UTF-8 has bytes
  char16_t* out = units.data();
  const char* data = bytes.data();
  const size_t length = bytes.size();
  size_t i = 0;
  while (i < length) {
    if (i + kWord <= length && IsAsciiWord(data + i)) {
      for (size_t k = 0; k < kWord; ++k) *out++ = static_cast<unsigned char>(data[i + k]);
      i += kWord;
      continue;
    }
    const auto lead = static_cast<unsigned char>(data[i++]);
    if (lead < 0x80) {
      *out++ = lead;
      continue;
    }
    int more = 0;
    uint32_t point = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
      point = lead & 0x1Fu;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      point = lead & 0x0Fu;
      if (lead == 0xE0) low = 0xA0;   // no overlong forms
      if (lead == 0xED) high = 0x9F;  // no surrogates
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      point = lead & 0x07u;
      if (lead == 0xF0) low = 0x90;   // no overlong forms
      if (lead == 0xF4) high = 0x8F;  // nothing above U+10FFFF
    } else {
      *out++ = kReplacement;
      continue;
    }
    while (more > 0 && i < length) {
      const auto next = static_cast<unsigned char>(data[i]);
      if (next < low || next > high) break;
      low = 0x80;
      high = 0xBF;
      point = (point << 6) | (next & 0x3Fu);
      ++i;
      --more;
    }
    if (more > 0) {
      *out++ = kReplacement;
    } else if (point < 0x10000) {
      *out++ = static_cast<char16_t>(point);
    } else {
      point -= 0x10000;
      *out++ = static_cast<char16_t>(0xD800 + (point >> 10));
      *out++ = static_cast<char16_t>(0xDC00 + (point & 0x3FF));
    }
  }
  units.resize(static_cast<size_t>(out - units.data()));
  return units;
}

}  // namespace

bool ReadUtf8(const Napi::String& value, std::string* out) {
  *out = value.Utf8Value();
  // V8 replaces a lone surrogate by U+FFFD, so only a text that contains one needs the slow check.
  if (out->find(kReplacementUtf8) == std::string::npos) return true;
  return IsWellFormed(ReadUtf16(value));
}

bool ReadByteString(const Napi::String& value, std::string* out) {
  const std::u16string units = ReadUtf16(value);
  out->resize(units.size());
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i] > 0xFF) return false;
    (*out)[i] = static_cast<char>(units[i]);
  }
  return true;
}

DecodedText::DecodedText(std::string utf8) {
  if (IsAscii(utf8)) {
    ascii_ = std::move(utf8);
  } else {
    utf16_ = DecodeUtf8(utf8);
  }
}

Napi::Value DecodedText::ToJavaScript(Napi::Env env) const {
  napi_value value = nullptr;
  const napi_status status =
      utf16_.empty() ? napi_create_string_latin1(env, ascii_.data(), ascii_.size(), &value)
                     : napi_create_string_utf16(env, utf16_.data(), utf16_.size(), &value);
  if (status != napi_ok) {
    // The string is longer than V8's limit of about 512 million characters. The failed call may
    // leave an exception pending.
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    napi_value ignored = nullptr;
    if (pending) napi_get_and_clear_last_exception(env, &ignored);
    throw CodedError("ERR_SPEC_TEXT_TOO_LONG", "the text");
  }
  return {env, value};
}

Napi::Value Utf8ToJavaScript(Napi::Env env, std::string utf8) {
  return DecodedText(std::move(utf8)).ToJavaScript(env);
}

Napi::Value ByteStringToJavaScript(Napi::Env env, const std::string& bytes) {
  napi_value value = nullptr;
  NAPI_THROW_IF_FAILED(env, napi_create_string_latin1(env, bytes.data(), bytes.size(), &value),
                       Napi::Value());
  return {env, value};
}

}  // namespace wework_spec
