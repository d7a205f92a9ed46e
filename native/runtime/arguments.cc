#include "runtime/arguments.h"

#include <strings.h>

#include <cmath>
#include <cstring>
#include <utility>

#include "runtime/errors.h"
#include "runtime/strings.h"

namespace wework_spec {
namespace {

constexpr char kWrongType[] = "ERR_SPEC_INVALID_ARG_TYPE";
constexpr char kWrongValue[] = "ERR_SPEC_INVALID_ARG_VALUE";
constexpr char kOutOfRange[] = "ERR_SPEC_OUT_OF_RANGE";
constexpr char kNul[] = "must not contain a NUL character";

const char* KindOf(const Napi::Value& value) {
  if (value.IsArray()) return "an array";
  if (value.IsTypedArray()) return "a typed array that is not a Uint8Array";
  switch (value.Type()) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "null";
    case napi_boolean:
      return "a boolean";
    case napi_number:
      return "a number";
    case napi_string:
      return "a string";
    case napi_symbol:
      return "a symbol";
    case napi_function:
      return "a function";
    case napi_bigint:
      return "a bigint";
    default:
      return "an object";
  }
}

bool HasNul(const std::string& text) { return text.find('\0') != std::string::npos; }

// In all of these `name` is a function, so that a name is put together only for a complaint.
template <typename Name>
std::string WellFormed(const Napi::String& value, Name name) {
  std::string text;
  if (!ReadUtf8(value, &text)) {
    throw CodedError(kWrongValue, name(), "must not contain a lone surrogate");
  }
  return text;
}

template <typename Name>
std::string ByteString(const Napi::Value& value, Name name) {
  if (!value.IsString()) {
    throw CodedError(kWrongType, name(), std::string("a string, received ") + KindOf(value));
  }
  std::string bytes;
  if (!ReadByteString(value.As<Napi::String>(), &bytes)) {
    throw CodedError(kWrongValue, name(),
                     "must hold one character for each byte: none may lie above U+00FF");
  }
  if (HasNul(bytes)) throw CodedError(kWrongValue, name(), kNul);
  return bytes;
}

template <typename Name>
std::string BytesOf(const Napi::Value& value, Name name) {
  if (value.IsString()) return WellFormed(value.As<Napi::String>(), name);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw CodedError(kWrongType, name(),
                     std::string("a string or a Uint8Array, received ") + KindOf(value));
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

void LowerCaseVendorName(std::string* name) {
  if (strncasecmp(name->c_str(), "ww-", 3) != 0) return;
  for (char& c : *name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

}  // namespace

void Arguments::WrongType(size_t index, const char* name, const char* expected) const {
  throw CodedError(kWrongType, name, std::string(expected) + ", received " + KindOf(info_[index]));
}

Napi::String Arguments::String(size_t index, const char* name) const {
  const Napi::Value value = info_[index];
  if (!value.IsString()) WrongType(index, name, "a string");
  return value.As<Napi::String>();
}

std::string Arguments::Name(size_t index, const char* name) const {
  std::string text = Text(index, name);
  if (HasNul(text)) throw CodedError(kWrongValue, name, kNul);
  return text;
}

std::string Arguments::OptionalName(size_t index, const char* name) const {
  return info_[index].IsUndefined() ? std::string() : Name(index, name);
}

std::string Arguments::Text(size_t index, const char* name) const {
  return WellFormed(String(index, name), [&] { return std::string(name); });
}

std::string Arguments::Bytes(size_t index, const char* name) const {
  return BytesOf(info_[index], [&] { return std::string(name); });
}

std::vector<std::string> Arguments::BytesList(size_t index, const char* name) const {
  if (!info_[index].IsArray()) WrongType(index, name, "an array");
  const auto list = info_[index].As<Napi::Array>();
  const uint32_t length = list.Length();
  std::vector<std::string> all;
  for (uint32_t i = 0; i < length; ++i) {
    const Napi::HandleScope scope(info_.Env());
    all.push_back(
        BytesOf(list[i], [&] { return std::string(name) + "[" + std::to_string(i) + "]"; }));
  }
  return all;
}

uint32_t Arguments::Integer(size_t index, const char* name, uint32_t least, uint32_t most) const {
  const Napi::Value value = info_[index];
  if (!value.IsNumber()) WrongType(index, name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= least && number <= most) || number != std::floor(number)) {
    throw CodedError(kOutOfRange, name,
                     "an integer from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<uint32_t>(number);
}

Napi::Function Arguments::Function(size_t index, const char* name) const {
  if (!info_[index].IsFunction()) WrongType(index, name, "a function");
  return info_[index].As<Napi::Function>();
}

vendor::HeaderMap Arguments::Headers(size_t index, const char* name) const {
  if (!info_[index].IsArray()) WrongType(index, name, "an array");
  const auto list = info_[index].As<Napi::Array>();
  const uint32_t length = list.Length();
  if (length % 2 != 0) {
    throw CodedError(kWrongValue, name, "must hold a value for each name");
  }
  vendor::HeaderMap headers;
  for (uint32_t i = 0; i < length; i += 2) {
    const Napi::HandleScope scope(info_.Env());
    const auto place_name = [&] { return std::string(name) + "[" + std::to_string(i) + "]"; };
    std::string header = ByteString(list[i], place_name);
    if (header.empty()) throw CodedError(kWrongValue, name, "must not contain an empty name");
    const auto value_name = [&] { return std::string(name) + "[\"" + header + "\"]"; };
    std::string value = ByteString(list[i + 1], value_name);
    LowerCaseVendorName(&header);
    const auto [place, is_new] = headers.try_emplace(std::move(header), value);
    if (!is_new) place->second += ", " + value;
  }
  return headers;
}

}  // namespace wework_spec
