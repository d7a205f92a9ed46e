// Text between JavaScript (UTF-16) and the SDK (bytes, mostly UTF-8).
#ifndef WEWORK_SPEC_RUNTIME_STRINGS_H_
#define WEWORK_SPEC_RUNTIME_STRINGS_H_

#include <napi.h>

#include <string>

namespace wework_spec {

// Reads a JavaScript string as UTF-8. False when it holds a lone surrogate, which has no UTF-8
// form.
bool ReadUtf8(const Napi::String& value, std::string* out);

// Reads a byte string, one character for each byte, as HTTP headers come. False when a character
// lies above U+00FF.
bool ReadByteString(const Napi::String& value, std::string* out);

// Text from the SDK in the form that JavaScript takes over fastest. Decoding a large text costs
// more than handing it over, so pool threads make these and the JavaScript thread only copies.
class DecodedText {
 public:
  DecodedText() = default;
  // Bytes that are not UTF-8 become U+FFFD, as TextDecoder does it. Any thread.
  explicit DecodedText(std::string utf8);

  // JavaScript thread only.
  Napi::Value ToJavaScript(Napi::Env env) const;

 private:
  std::string ascii_;
  std::u16string utf16_;  // empty when the text is ASCII
};

Napi::Value Utf8ToJavaScript(Napi::Env env, std::string utf8);
Napi::Value ByteStringToJavaScript(Napi::Env env, const std::string& bytes);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_STRINGS_H_
