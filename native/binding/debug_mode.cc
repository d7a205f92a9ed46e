#include "binding/debug_mode.h"

#include <memory>
#include <string>
#include <utility>

#include "runtime/arguments.h"
#include "runtime/async_calls.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"
#include "vendor/adapter.h"

namespace wework_spec {
namespace {

// Owns the tokens and shares the settings. See AsyncCall for its threads.
class OpenDebugModeCall : public AsyncCall {
 public:
  OpenDebugModeCall(vendor::Settings settings, std::string debug_token, std::string access_token)
      : settings_(std::move(settings)),
        debug_token_(std::move(debug_token)),
        access_token_(std::move(access_token)) {}

  void Run() override { opened_ = vendor::OpenDebugMode(settings_, debug_token_, access_token_); }
  Napi::Value Result(Napi::Env env) override { return Napi::Boolean::New(env, opened_); }

 private:
  const vendor::Settings settings_;
  const std::string debug_token_;
  const std::string access_token_;
  bool opened_ = false;
};

}  // namespace

Napi::Value SpecOpenDebugMode(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    std::string debug_token = arguments.Name(0, "debugToken");
    std::string access_token = arguments.Name(1, "accessToken");
    Environment& environment = Environment::Of(info.Env());
    auto call = std::make_shared<OpenDebugModeCall>(
        environment.sdk_settings(), std::move(debug_token), std::move(access_token));
    return environment.calls().Start(info.Env(), std::move(call));
  });
}

}  // namespace wework_spec
