#include "runtime/arguments.h"

#include <cmath>

#include "runtime/bytes.h"
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
void ReadText(const Napi::Value& value, Name name, std::string* out) {
  if (!value.IsString()) ThrowWrongType(name(), "of type string", value);
  if (!ReadUtf8(value.As<Napi::String>(), out)) {
    ThrowWrongValue(name(), "must not contain a lone surrogate", value);
  }
}

template <typename Name>
std::pair<char*, size_t> ReadMemory(const Napi::Value& value, Name name, const char* expected) {
  bool is_typed_array = false;
  napi_is_typedarray(value.Env(), value, &is_typed_array);
  napi_typedarray_type type = napi_int8_array;
  void* data = nullptr;
  size_t length = 0;
  if (is_typed_array) {
    NAPI_THROW_IF_FAILED(
        value.Env(),
        napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr), {});
  }
  if (type != napi_uint8_array) ThrowWrongType(name(), expected, value);
  // A detached or empty array has no data pointer.
  return {static_cast<char*>(data), data == nullptr ? 0 : length};
}

template <typename Name>
void ReadBytes(const Napi::Value& value, Name name, std::string* out) {
  if (value.IsString()) {
    ReadText(value, name, out);
    return;
  }
  const auto [data, length] =
      ReadMemory(value, name, "of type string or an instance of Buffer or Uint8Array");
  out->clear();
  if (length > 0) AppendBytes(out, data, length);
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
  std::string text;
  ReadText(
      info_[index], [name] { return name; }, &text);
  return text;
}

std::string Arguments::Bytes(size_t index, const char* name) const {
  std::string bytes;
  Bytes(index, name, &bytes);
  return bytes;
}

void Arguments::Bytes(size_t index, const char* name, std::string* out) const {
  ReadBytes(
      info_[index], [name] { return name; }, out);
}

std::string Arguments::Chunks(size_t index, const char* name) const {
  if (!info_[index].IsArray()) return Bytes(index, name);
  const Napi::Array array = info_[index].As<Napi::Array>();
  const uint32_t length = array.Length();
  std::vector<std::pair<char*, size_t>> chunks;
  size_t size = 0;
  for (uint32_t i = 0; i < length; ++i) {
    chunks.push_back(ReadMemory(
        array[i], [&] { return ElementName(name, i); }, "an instance of Buffer or Uint8Array"));
    size += chunks.back().second;
  }
  std::string bytes;
  bytes.reserve(size);
  for (const auto& [data, count] : chunks) AppendBytes(&bytes, data, count);
  return bytes;
}

void Arguments::ByteString(size_t index, const char* name, std::string* out) const {
  const Napi::Value value = info_[index];
  if (!value.IsString()) ThrowWrongType(name, "of type string", value);
  if (!ReadByteString(value.As<Napi::String>(), out)) {
    ThrowWrongValue(name, "must be a byte string, without characters above U+00FF", value);
  }
}

std::pair<char*, size_t> Arguments::Memory(size_t index, const char* name) const {
  return ReadMemory(
      info_[index], [name] { return name; }, "an instance of Buffer or Uint8Array");
}

std::vector<std::string> Arguments::BytesList(size_t index, const char* name) const {
  const Napi::Array array = ReadArray(info_[index], name);
  const uint32_t length = array.Length();
  std::vector<std::string> list;
  for (uint32_t i = 0; i < length; ++i) {
    const Napi::HandleScope scope(info_.Env());
    list.emplace_back();
    ReadBytes(
        array[i], [&] { return ElementName(name, i); }, &list.back());
  }
  return list;
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
