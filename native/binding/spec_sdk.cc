#include "binding/spec_sdk.h"

#include <limits>
#include <utility>

#include "binding/callback_sdk.h"
#include "runtime/arguments.h"
#include "runtime/async_calls.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"
#include "runtime/strings.h"

namespace wework_spec {
namespace {

// Owns the client, the arguments and the response. See AsyncCall for its threads; InvokeSync runs
// it on the JavaScript thread.
class InvokeCall : public AsyncCall {
 public:
  InvokeCall(std::shared_ptr<MemoryAccount> memory, std::unique_ptr<vendor::Client> client,
             std::string api_name, std::string request)
      : memory_(std::move(memory)),
        client_(std::move(client)),
        api_name_(std::move(api_name)),
        request_(std::move(request)) {}

  void Run() override {
    std::string response;
    ret_ = client_->Invoke(api_name_, request_, &response);
    response_ = DecodedText(memory_, std::move(response));
  }

  Napi::Value Result(Napi::Env env) override {
    const Napi::Array result = Napi::Array::New(env, 2);
    result.Set(0u, Napi::Number::New(env, ret_));
    result.Set(1u, response_.ToJavaScript(env));
    memory_->Report(env);
    return result;
  }

 private:
  const std::shared_ptr<MemoryAccount> memory_;
  const std::unique_ptr<vendor::Client> client_;
  const std::string api_name_;
  const std::string request_;
  int ret_ = 0;
  DecodedText response_;
};

}  // namespace

Napi::Function SpecSdk::Define(Napi::Env env) {
  return DefineClass(env, "SpecSdk",
                     {InstanceMethod<&SpecSdk::Invoke>("Invoke"),
                      InstanceMethod<&SpecSdk::InvokeSync>("InvokeSync")});
}

SpecSdk::SpecSdk(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Guarded(info.Env(), [&] {
    if (info[0].IsObject()) {
      callback_ = CallbackSdk::RequestOf(info[0], "callback");
      return;
    }
    const Arguments arguments(info);
    corp_id_ = arguments.Name(0, "corpId");
    agent_id_ = arguments.Integer(1, "agentId", 0, std::numeric_limits<uint32_t>::max());
    ability_id_ = arguments.OptionalName(2, "abilityId");
    job_info_ = arguments.OptionalName(3, "jobInfo");
  });
}

std::unique_ptr<vendor::Client> SpecSdk::NewClient(Napi::Env env) const {
  const vendor::Settings& settings = Environment::Of(env).sdk_settings();
  if (callback_) return std::make_unique<vendor::Client>(settings, callback_);
  return std::make_unique<vendor::Client>(settings, corp_id_, agent_id_, ability_id_, job_info_);
}

Napi::Value SpecSdk::Invoke(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    std::string api_name = arguments.Name(0, "apiName");
    std::string request = arguments.Text(1, "request");
    Environment& environment = Environment::Of(info.Env());
    auto call = std::make_shared<InvokeCall>(environment.memory(), NewClient(info.Env()),
                                             std::move(api_name), std::move(request));
    return environment.calls().Start(info.Env(), std::move(call));
  });
}

Napi::Value SpecSdk::InvokeSync(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    std::string api_name = arguments.Name(0, "apiName");
    std::string request = arguments.Text(1, "request");
    InvokeCall call(Environment::Of(info.Env()).memory(), NewClient(info.Env()),
                    std::move(api_name), std::move(request));
    call.Run();
    return call.Result(info.Env());
  });
}

}  // namespace wework_spec
