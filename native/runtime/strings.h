// Conversion between JavaScript strings (UTF-16) and bytes (UTF-8, or one character per byte).
#ifndef WEWORK_SPEC_RUNTIME_STRINGS_H_
#define WEWORK_SPEC_RUNTIME_STRINGS_H_

#include <napi.h>

#include <string>

namespace wework_spec {

// Reads a JavaScript string as UTF-8. False if it contains a lone surrogate, which UTF-8 cannot
// represent.
bool ReadUtf8(const Napi::String& value, std::string* out);

// Reads a byte string, in which each character stands for one byte, as in HTTP headers. False if
// it contains a character above U+00FF.
bool ReadByteString(const Napi::String& value, std::string* out);

// Decoded text in the form that V8 copies fastest. Decoding a large text takes longer than the
// copy, so pool threads construct these, and the JavaScript thread only calls ToJavaScript.
class DecodedText {
 public:
  DecodedText() = default;
  // Invalid UTF-8 is replaced by U+FFFD, as by TextDecoder. Any thread.
  explicit DecodedText(std::string utf8);

  // Throws ERR_SPEC_TEXT_TOO_LONG above V8's limit. JavaScript thread only.
  Napi::Value ToJavaScript(Napi::Env env) const;

 private:
  std::string ascii_;
  std::u16string utf16_;  // empty when the text is ASCII
};

// A string from UTF-8, decoded as by DecodedText.
Napi::Value Utf8ToJavaScript(Napi::Env env, std::string utf8);
// A string with one character for each byte.
Napi::Value ByteStringToJavaScript(Napi::Env env, const std::string& bytes);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_STRINGS_H_
