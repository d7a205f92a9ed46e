#include "runtime/strings.h"

#include <dlfcn.h>

#include <new>
#include <utility>

#include "runtime/bytes.h"
#include "runtime/environment.h"
#include "runtime/errors.h"
#include "runtime/utf.h"

namespace wework_spec {
namespace {

// V8 puts larger strings on pages of their own, which it maps and unmaps for each. So larger ones
// refer to memory of malloc instead.
constexpr size_t kExternalBytes = 128 * 1024;

// Node-API 10, which older Node.js has as an experiment. Without it, large strings are copied.
template <typename Unit>
using CreateExternal = napi_status (*)(napi_env, Unit*, size_t, napi_finalize, void*, napi_value*,
                                       bool*);
template <typename Unit>
CreateExternal<Unit> FindCreateExternal(const char* name) {
  return reinterpret_cast<CreateExternal<Unit>>(dlsym(RTLD_DEFAULT, name));
}
CreateExternal<char> CreateExternalLatin1() {
  static const auto create = FindCreateExternal<char>("node_api_create_external_string_latin1");
  return create;
}
CreateExternal<char16_t> CreateExternalUtf16() {
  static const auto create = FindCreateExternal<char16_t>("node_api_create_external_string_utf16");
  return create;
}

// Calls `use` with the UTF-16 units of a string and their number.
template <typename Use>
bool WithUnits(const Napi::String& value, Use use) {
  const napi_env env = value.Env();
  Scratch& scratch = Environment::Of(env).scratch();
  size_t room = 0;
  char16_t* units = scratch.Units(1, &room);
  size_t length = 0;
  // One call is enough if the string has room, as most have.
  NAPI_THROW_IF_FAILED(env, napi_get_value_string_utf16(env, value, units, room, &length), false);
  if (length + 1 >= room) {
    NAPI_THROW_IF_FAILED(env, napi_get_value_string_utf16(env, value, nullptr, 0, &length), false);
    // The API writes a terminating zero.
    units = scratch.Units(length + 1, &room);
    NAPI_THROW_IF_FAILED(env, napi_get_value_string_utf16(env, value, units, room, &length), false);
  }
  const bool result = use(units, length);
  scratch.DoneWithUnits(length);
  return result;
}

// The string, if it could be made.
Napi::Value Checked(Napi::Env env, napi_status status, napi_value& value) {
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

}  // namespace

bool ReadUtf8(const Napi::String& value, std::string* out) {
  return WithUnits(value, [out](const char16_t* units, size_t length) {
    return EncodeUtf8(units, length, out);
  });
}

bool ReadByteString(const Napi::String& value, std::string* out) {
  return WithUnits(value, [out](const char16_t* units, size_t length) {
    return NarrowToBytes(units, length, out);
  });
}

DecodedText::DecodedText(const std::shared_ptr<MemoryAccount>& memory, std::string utf8) {
  kept_ = std::make_unique<Kept>();
  size_t bytes = utf8.size();
  if (IsAscii(utf8.data(), utf8.size())) {
    kept_->ascii = std::move(utf8);
  } else {
    kept_->Allocate(utf8.size());
    kept_->length = DecodeUtf8(utf8.data(), utf8.size(), kept_->units.get());
    kept_->Allocate(kept_->length);
    bytes = kept_->length * sizeof(char16_t);
  }
  if (bytes >= kExternalBytes) kept_->charge = MemoryAccount::Charge(memory, bytes);
}

void DecodedText::Kept::Allocate(size_t count) {
  void* const memory = std::realloc(units.get(), count * sizeof(char16_t));
  if (memory == nullptr) throw std::bad_alloc();
  static_cast<void>(units.release());
  units.reset(static_cast<char16_t*>(memory));
}

void DecodedText::Release(napi_env, void*, void* kept) { delete static_cast<Kept*>(kept); }

Napi::Value DecodedText::ToJavaScript(Napi::Env env) {
  std::unique_ptr<Kept> kept = std::move(kept_);
  napi_value value = nullptr;
  bool was_copied = false;
  napi_status status;
  if (kept->units == nullptr) {
    std::string& text = kept->ascii;
    const auto create = CreateExternalLatin1();
    if (text.size() < kExternalBytes || create == nullptr) {
      return Checked(env, napi_create_string_latin1(env, text.data(), text.size(), &value), value);
    }
    status = create(env, text.data(), text.size(), Release, kept.get(), &value, &was_copied);
  } else {
    char16_t* const units = kept->units.get();
    const auto create = CreateExternalUtf16();
    if (kept->length * sizeof(char16_t) < kExternalBytes || create == nullptr) {
      return Checked(env, napi_create_string_utf16(env, units, kept->length, &value), value);
    }
    status = create(env, units, kept->length, Release, kept.get(), &value, &was_copied);
  }
  // The string owns it now, or has released it.
  if (status == napi_ok) static_cast<void>(kept.release());
  return Checked(env, status, value);
}

Napi::Value Utf8ToJavaScript(Napi::Env env, const std::string& utf8) {
  Environment& environment = Environment::Of(env);
  if (utf8.size() >= kExternalBytes) {
    std::string own;
    AppendBytes(&own, utf8.data(), utf8.size());
    return DecodedText(environment.memory(), std::move(own)).ToJavaScript(env);
  }
  napi_value value = nullptr;
  if (IsAscii(utf8.data(), utf8.size())) {
    return Checked(env, napi_create_string_latin1(env, utf8.data(), utf8.size(), &value), value);
  }
  size_t room = 0;
  char16_t* const units = environment.scratch().Units(utf8.size(), &room);
  const size_t length = DecodeUtf8(utf8.data(), utf8.size(), units);
  return Checked(env, napi_create_string_utf16(env, units, length, &value), value);
}

Napi::Value ByteStringToJavaScript(Napi::Env env, const std::string& bytes) {
  napi_value value = nullptr;
  NAPI_THROW_IF_FAILED(env, napi_create_string_latin1(env, bytes.data(), bytes.size(), &value),
                       Napi::Value());
  return {env, value};
}

}  // namespace wework_spec
