#include "runtime/guarded.h"

#include "runtime/environment.h"

namespace wework_spec {

Napi::Error ToJavaScript(Napi::Env env, const CodedError& error) {
  return {env, Environment::Of(env).MakeError(env, error)};
}

Napi::Error ToJavaScript(const CodedError& error, const Napi::Value& received) {
  const Napi::Env env = received.Env();
  return {env, Environment::Of(env).MakeError(env, error, received)};
}

}  // namespace wework_spec
