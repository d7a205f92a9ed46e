#include "runtime/environment.h"

#include <vector>

namespace wework_spec {
namespace {

// In force until lib/binding/load.ts calls configureThreadPool, right after it loads the addon.
constexpr ThreadPool::Limits kInitialLimits{16, 4096};

}  // namespace

Environment::Environment() : calls_(kInitialLimits) {}

Napi::Value Environment::CreateNumbers(Napi::Env env) {
  Napi::Uint32Array array = Napi::Uint32Array::New(env, kNumbers);
  numbers_array_ = Napi::Persistent(array);
  numbers_ = array.Data();
  return array;
}

void Environment::Attach(const Napi::Function& make_error, const Napi::Function& settle) {
  make_error_ = Napi::Persistent(make_error);
  calls_.SetSettle(settle);
}

Napi::Value Environment::MakeError(Napi::Env env, const CodedError& error,
                                   napi_value received) const {
  if (make_error_.IsEmpty()) {
    // Attach has not been called, so the addon failed while it was loaded. The loader turns this
    // plain error into one with a text.
    const Napi::Error plain = Napi::Error::New(env, error.code());
    plain.Set("code", Napi::String::New(env, error.code()));
    plain.Set("subject", Napi::String::New(env, error.subject()));
    return plain.Value();
  }
  std::vector<napi_value> arguments = {Napi::String::New(env, error.code()),
                                       Napi::String::New(env, error.subject()),
                                       Napi::String::New(env, error.detail())};
  if (received != nullptr) arguments.push_back(received);
  return make_error_.Call(arguments);
}

}  // namespace wework_spec
