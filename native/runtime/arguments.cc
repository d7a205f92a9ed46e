#include "runtime/arguments.h"

#include <algorithm>
#include <cmath>

#include "runtime/errors.h"
#include "runtime/guarded.h"
#include "runtime/strings.h"

namespace wework_spec {
namespace {

// The parameter `name` of the templates below is a function that returns the argument's name, so
// that names such as headers["a"] are built only for an error.

// `expected` is in the wording of Node's own messages, which continue "must be …".
[[noreturn]] void ThrowWrongType(const std::string& name, const char* expected,
                                 const Napi::Value& received) {
  throw ToJavaScript(CodedError("ERR_SPEC_INVALID_ARG_TYPE", name, expected), received);
}

// `requirement` continues a sentence that begins with "It".
[[noreturn]] void ThrowWrongValue(const std::string& name, const char* requirement,
                                  const Napi::Value& received) {
  throw ToJavaScript(CodedError("ERR_SPEC_INVALID_ARG_VALUE", name, requirement), received);
}

template <typename Name>
void CheckNoNul(const std::string& text, Name name, const Napi::Value& received) {
  if (text.find('\0') != std::string::npos) {
    ThrowWrongValue(name(), "must not contain a NUL character", received);
  }
}

template <typename Name>
std::string ReadText(const Napi::Value& value, Name name) {
  if (!value.IsString()) ThrowWrongType(name(), "of type string", value);
  std::string text;
  if (!ReadUtf8(value.As<Napi::String>(), &text)) {
    ThrowWrongValue(name(), "must not contain a lone surrogate", value);
  }
  return text;
}

template <typename Name>
std::string ReadByteText(const Napi::Value& value, Name name) {
  if (!value.IsString()) ThrowWrongType(name(), "of type string", value);
  std::string bytes;
  if (!ReadByteString(value.As<Napi::String>(), &bytes)) {
    ThrowWrongValue(name(), "must be a byte string, without characters above U+00FF", value);
  }
  CheckNoNul(bytes, name, value);
  return bytes;
}

template <typename Name>
std::string ReadBytes(const Napi::Value& value, Name name) {
  if (value.IsString()) return ReadText(value, name);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    ThrowWrongType(name(), "of type string or an instance of Buffer or Uint8Array", value);
  }
  void* data = nullptr;
  size_t length = 0;
  NAPI_THROW_IF_FAILED(
      value.Env(),
      napi_get_typedarray_info(value.Env(), value, nullptr, &length, &data, nullptr, nullptr),
      std::string());
  // A detached or empty array has no data pointer.
  return length == 0 ? std::string() : std::string(static_cast<const char*>(data), length);
}

Napi::Array ReadArray(const Napi::Value& value, const char* name) {
  if (!value.IsArray()) ThrowWrongType(name, "an instance of Array", value);
  return value.As<Napi::Array>();
}

std::string ElementName(const char* name, uint32_t index) {
  return std::string(name) + "[" + std::to_string(index) + "]";
}

}  // namespace

std::string Arguments::Name(size_t index, const char* name) const {
  std::string text = Text(index, name);
  CheckNoNul(
      text, [name] { return name; }, info_[index]);
  return text;
}

std::string Arguments::OptionalName(size_t index, const char* name) const {
  return info_[index].IsUndefined() ? std::string() : Name(index, name);
}

std::string Arguments::Text(size_t index, const char* name) const {
  return ReadText(info_[index], [name] { return name; });
}

std::string Arguments::Bytes(size_t index, const char* name) const {
  return ReadBytes(info_[index], [name] { return name; });
}

std::vector<std::string> Arguments::BytesList(size_t index, const char* name) const {
  const Napi::Array array = ReadArray(info_[index], name);
  const uint32_t length = array.Length();
  std::vector<std::string> list;
  for (uint32_t i = 0; i < length; ++i) {
    const Napi::HandleScope scope(info_.Env());
    list.push_back(ReadBytes(array[i], [&] { return ElementName(name, i); }));
  }
  return list;
}

std::vector<std::pair<std::string, std::string>> Arguments::ByteStringPairs(
    size_t index, const char* name) const {
  const Napi::Array array = ReadArray(info_[index], name);
  const uint32_t length = array.Length();
  if (length % 2 != 0) ThrowWrongValue(name, "must contain a value for every name", array);
  std::vector<std::pair<std::string, std::string>> pairs;
  // Limited, because a sparse array can claim any length.
  pairs.reserve(std::min<size_t>(length / 2, 64));
  for (uint32_t i = 0; i < length; i += 2) {
    const Napi::HandleScope scope(info_.Env());
    std::string key = ReadByteText(array[i], [&] { return ElementName(name, i); });
    if (key.empty()) ThrowWrongValue(name, "must not contain an empty name", array);
    std::string value =
        ReadByteText(array[i + 1], [&] { return std::string(name) + "[\"" + key + "\"]"; });
    pairs.emplace_back(std::move(key), std::move(value));
  }
  return pairs;
}

uint32_t Arguments::Integer(size_t index, const char* name, uint32_t min, uint32_t max) const {
  return static_cast<uint32_t>(IntegralNumber(index, name, min, max));
}

int32_t Arguments::SignedInteger(size_t index, const char* name, int32_t min, int32_t max) const {
  return static_cast<int32_t>(IntegralNumber(index, name, min, max));
}

double Arguments::IntegralNumber(size_t index, const char* name, double min, double max) const {
  const Napi::Value value = info_[index];
  if (!value.IsNumber()) ThrowWrongType(name, "of type number", value);
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= min && number <= max) || number != std::floor(number)) {
    throw ToJavaScript(CodedError("ERR_SPEC_OUT_OF_RANGE", name,
                                  "an integer from " + std::to_string(static_cast<int64_t>(min)) +
                                      " to " + std::to_string(static_cast<int64_t>(max))),
                       value);
  }
  return number;
}

Napi::Function Arguments::Function(size_t index, const char* name) const {
  if (!info_[index].IsFunction()) ThrowWrongType(name, "of type function", info_[index]);
  return info_[index].As<Napi::Function>();
}

}  // namespace wework_spec
