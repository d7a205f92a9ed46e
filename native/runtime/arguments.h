// The arguments of a call from JavaScript, checked one by one. Every complaint names the argument
// and has a code.
#ifndef WEWORK_SPEC_RUNTIME_ARGUMENTS_H_
#define WEWORK_SPEC_RUNTIME_ARGUMENTS_H_

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "vendor/adapter.h"

namespace wework_spec {

class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info) : info_(info) {}

  // A string of whole characters without NUL: names, ids, tokens, which SDKs may treat as C
  // strings.
  std::string Name(size_t index, const char* name) const;
  // The same; absent or undefined gives the empty string.
  std::string OptionalName(size_t index, const char* name) const;
  // A string of whole characters, NUL allowed: contents.
  std::string Text(size_t index, const char* name) const;
  // A string (as UTF-8), or the bytes of a Uint8Array.
  std::string Bytes(size_t index, const char* name) const;
  // The same for each element of an array.
  std::vector<std::string> BytesList(size_t index, const char* name) const;
  // An integer from `least` to `most`.
  uint32_t Integer(size_t index, const char* name, uint32_t least, uint32_t most) const;
  Napi::Function Function(size_t index, const char* name) const;
  // [name, value, name, value, …] of byte strings. Names that begin with ww- become lower case,
  // because the vendor's decoder knows them in that form only; values of equal names are joined by
  // ", " as RFC 9110 does it.
  vendor::HeaderMap Headers(size_t index, const char* name) const;

 private:
  Napi::String String(size_t index, const char* name) const;
  [[noreturn]] void WrongType(size_t index, const char* name, const char* expected) const;

  const Napi::CallbackInfo& info_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_ARGUMENTS_H_
