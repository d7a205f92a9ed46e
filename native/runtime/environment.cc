#include "runtime/environment.h"

namespace wework_spec {
namespace {

// lib/binding/calls.ts sets what the user configured; these only hold until then.
constexpr ThreadPool::Limits kInitialLimits{16, 4096};

}  // namespace

Environment::Environment() : calls_(kInitialLimits) {}

void Environment::Attach(const Napi::Function& make_error, const Napi::Function& settle) {
  make_error_ = Napi::Persistent(make_error);
  calls_.SetSettle(settle);
}

Napi::Value Environment::MakeError(Napi::Env env, const CodedError& error) const {
  if (make_error_.IsEmpty()) {
    // Before Attach there is no catalogue; the loader makes the real error from this one.
    const Napi::Error plain = Napi::Error::New(env, error.code());
    plain.Set("code", Napi::String::New(env, error.code()));
    plain.Set("subject", Napi::String::New(env, error.subject()));
    return plain.Value();
  }
  return make_error_.Call({Napi::String::New(env, error.code()),
                           Napi::String::New(env, error.subject()),
                           Napi::String::New(env, error.detail())});
}

}  // namespace wework_spec
