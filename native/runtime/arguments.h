// Readers for the arguments of a call from JavaScript. Each checks its argument and throws an error
// that names it.
#ifndef WEWORK_SPEC_RUNTIME_ARGUMENTS_H_
#define WEWORK_SPEC_RUNTIME_ARGUMENTS_H_

#include <napi.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace wework_spec {

// Refers to the call's CallbackInfo, so it must not outlive the call. JavaScript thread only.
//
// `name` is the argument's name for error texts. The errors are ERR_SPEC_INVALID_ARG_TYPE for a
// wrong type, ERR_SPEC_INVALID_ARG_VALUE for a string that cannot be converted, and
// ERR_SPEC_OUT_OF_RANGE for a number.
class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info) : info_(info) {}

  // A well-formed string without NUL, as UTF-8: for values that C++ code may treat as C strings.
  std::string Name(size_t index, const char* name) const;
  // As Name; an absent or undefined argument gives an empty string.
  std::string OptionalName(size_t index, const char* name) const;
  // A well-formed string, which may contain NUL, as UTF-8.
  std::string Text(size_t index, const char* name) const;
  // A well-formed string as UTF-8, or the bytes of a Uint8Array.
  std::string Bytes(size_t index, const char* name) const;
  // As Bytes, into a string whose memory is used again.
  void Bytes(size_t index, const char* name, std::string* out) const;
  // As Bytes, or the bytes of an array of Uint8Arrays.
  std::string Chunks(size_t index, const char* name) const;
  // A byte string (one character per byte), which may contain NUL, into a string as Bytes does.
  void ByteString(size_t index, const char* name, std::string* out) const;
  // The memory of a Uint8Array, valid until JavaScript runs again.
  std::pair<char*, size_t> Memory(size_t index, const char* name) const;
  // An array whose elements are read as by Bytes.
  std::vector<std::string> BytesList(size_t index, const char* name) const;
  // An integer from `min` to `max`.
  uint32_t Integer(size_t index, const char* name, uint32_t min, uint32_t max) const;
  int32_t SignedInteger(size_t index, const char* name, int32_t min, int32_t max) const;
  Napi::Function Function(size_t index, const char* name) const;

 private:
  double IntegralNumber(size_t index, const char* name, double min, double max) const;

  const Napi::CallbackInfo& info_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_ARGUMENTS_H_
