#include "binding/callback_sdk.h"

#include <string>
#include <utility>

#include "binding/headers.h"
#include "runtime/arguments.h"
#include "runtime/environment.h"
#include "runtime/errors.h"
#include "runtime/guarded.h"
#include "runtime/strings.h"

namespace wework_spec {
namespace {

constexpr napi_type_tag kTypeTag = {0x8f1d5c0b7e3a4926, 0xb2c46a9df07158e3};

// A request and the charge for its memory, which end together: the shared pointers to the request
// own this struct.
struct ChargedRequest {
  ChargedRequest(vendor::Settings settings, std::string method, vendor::HeaderMap headers,
                 std::string body)
      : callback(std::move(settings), std::move(method), std::move(headers), std::move(body)) {}
  vendor::Callback callback;
  MemoryAccount::Charge charge;
};

Napi::Value FieldToJavaScript(Napi::Env env, std::string text) {
  return Utf8ToJavaScript(env, std::move(text));
}
Napi::Value FieldToJavaScript(Napi::Env env, uint32_t number) {
  return Napi::Number::New(env, number);
}
Napi::Value FieldToJavaScript(Napi::Env env, bool truth) { return Napi::Boolean::New(env, truth); }

}  // namespace

Napi::Function CallbackSdk::Define(Napi::Env env) {
  using vendor::Callback;
  return DefineClass(
      env, "CallbackSdk",
      {InstanceMethod<&CallbackSdk::IsOk>("IsOk"),
       InstanceMethod<&CallbackSdk::Get<&Callback::CorpId>>("GetCorpId"),
       InstanceMethod<&CallbackSdk::Get<&Callback::AgentId>>("GetAgentId"),
       InstanceMethod<&CallbackSdk::Get<&Callback::CallType>>("GetCallType"),
       InstanceMethod<&CallbackSdk::Get<&Callback::Data>>("GetData"),
       InstanceMethod<&CallbackSdk::Get<&Callback::IsAsync>>("GetIsAsync"),
       InstanceMethod<&CallbackSdk::Get<&Callback::JobInfo>>("GetJobInfo"),
       InstanceMethod<&CallbackSdk::Get<&Callback::AbilityId>>("GetAbilityId"),
       InstanceMethod<&CallbackSdk::Get<&Callback::NotifyId>>("GetNotifyId"),
       InstanceMethod<&CallbackSdk::BuildResponseHeaderBody>("BuildResponseHeaderBody")});
}

CallbackSdk::CallbackSdk(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    std::string method = arguments.Name(0, "method");
    vendor::HeaderMap headers = ReadHeaders(arguments, 1, "headers");
    std::string body = arguments.Bytes(2, "body");
    auto request =
        std::make_shared<ChargedRequest>(Environment::Of(info.Env()).sdk_settings(),
                                         std::move(method), std::move(headers), std::move(body));
    memory_ = Environment::Of(info.Env()).memory();
    request->charge = MemoryAccount::Charge(memory_, request->callback.RetainedBytes());
    ok_ = request->callback.IsOk();
    request_ = std::shared_ptr<vendor::Callback>(request, &request->callback);
    memory_->Report(info.Env());
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
  });
}

CallbackSdk::~CallbackSdk() {
  request_.reset();
  if (memory_) memory_->Report(Env());
}

std::shared_ptr<const vendor::Callback> CallbackSdk::RequestOf(const Napi::Value& value,
                                                               const char* name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTypeTag)) {
    throw ToJavaScript(
        CodedError("ERR_SPEC_INVALID_ARG_TYPE", name, "an instance of SpecCallbackSDK"), value);
  }
  const CallbackSdk* callback = Unwrap(value.As<Napi::Object>());
  callback->ReadableRequest();
  return callback->request_;
}

vendor::Callback& CallbackSdk::ReadableRequest() const {
  if (!ok_) throw CodedError("ERR_SPEC_CALLBACK_NOT_OK", "the request");
  if (!request_) throw CodedError("ERR_SPEC_ALREADY_RESPONDED", "the request");
  return *request_;
}

template <auto kGetter>
Napi::Value CallbackSdk::Get(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(),
                 [&] { return FieldToJavaScript(info.Env(), (ReadableRequest().*kGetter)()); });
}

Napi::Value CallbackSdk::IsOk(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), ok_);
}

Napi::Value CallbackSdk::BuildResponseHeaderBody(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    // Always checked, but used only for a verified request. For others, the guide passes an empty
    // string.
    const std::string response = Arguments(info).Bytes(0, "response");
    if (!request_) throw CodedError("ERR_SPEC_ALREADY_RESPONDED", "the request");
    vendor::HeaderMap headers;
    std::string body;
    request_->BuildResponse(ok_ ? response : std::string(), &headers, &body);

    const Napi::Array result = Napi::Array::New(env, 2);
    result.Set(0u, HeadersToJavaScript(env, headers));
    // Copied into V8's own memory, because a Buffer around native memory is freed only when the
    // event loop turns.
    result.Set(1u, Napi::Buffer<char>::Copy(env, body.data(), body.size()));
    request_.reset();
    memory_->Report(env);
    return result;
  });
}

}  // namespace wework_spec
