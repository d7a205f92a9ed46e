// Conversion between JavaScript strings (UTF-16) and bytes (UTF-8, or one character per byte).
#ifndef WEWORK_SPEC_RUNTIME_STRINGS_H_
#define WEWORK_SPEC_RUNTIME_STRINGS_H_

#include <napi.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "runtime/memory_account.h"

namespace wework_spec {

// Reads a JavaScript string as UTF-8 into `out`, whose memory is used again. False if it contains a
// lone surrogate, which UTF-8 cannot represent.
bool ReadUtf8(const Napi::String& value, std::string* out);

// Reads a byte string, in which each character stands for one byte, as in HTTP headers. False if
// it contains a character above U+00FF.
bool ReadByteString(const Napi::String& value, std::string* out);

// Decoded text in the form that V8 takes over or copies fastest. Decoding a large text takes longer
// than that, so pool threads construct these, and the JavaScript thread only calls ToJavaScript.
class DecodedText {
 public:
  DecodedText() = default;
  // Invalid UTF-8 is replaced by U+FFFD, as by TextDecoder. Any thread. `memory` is charged for a
  // text that is not copied to JavaScript's heap.
  DecodedText(const std::shared_ptr<MemoryAccount>& memory, std::string utf8);

  // Once. Throws ERR_SPEC_TEXT_TOO_LONG above V8's limit. JavaScript thread only.
  Napi::Value ToJavaScript(Napi::Env env);

 private:
  // The memory of the text, which JavaScript's string refers to if it is large.
  struct Kept {
    struct Free {
      void operator()(char16_t* memory) const { std::free(memory); }
    };
    // Makes room for `count` units, and keeps those that are there.
    void Allocate(size_t count);

    std::string ascii;
    std::unique_ptr<char16_t[], Free> units;  // null when the text is ASCII
    size_t length = 0;                        // of `units`
    MemoryAccount::Charge charge;
  };
  // Called when V8 has collected the string: any thread, without access to JavaScript.
  static void Release(napi_env, void*, void* kept);

  std::unique_ptr<Kept> kept_;
};

// A string from UTF-8, decoded as by DecodedText.
Napi::Value Utf8ToJavaScript(Napi::Env env, const std::string& utf8);
// A string with one character for each byte.
Napi::Value ByteStringToJavaScript(Napi::Env env, const std::string& bytes);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_STRINGS_H_
