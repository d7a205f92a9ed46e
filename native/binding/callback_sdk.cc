#include "binding/callback_sdk.h"

#include <string>
#include <utility>

#include "binding/byte_collector.h"
#include "binding/headers.h"
#include "runtime/arguments.h"
#include "runtime/async_calls.h"
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

// Verifies and decrypts. Any thread.
std::shared_ptr<vendor::Callback> NewRequest(const std::shared_ptr<MemoryAccount>& memory,
                                             vendor::Settings settings, std::string method,
                                             vendor::HeaderMap headers, std::string body) {
  auto request = std::make_shared<ChargedRequest>(std::move(settings), std::move(method),
                                                  std::move(headers), std::move(body));
  request->charge = MemoryAccount::Charge(memory, request->callback.RetainedBytes());
  vendor::Callback* const callback = &request->callback;
  return {std::move(request), callback};
}

Napi::Value ResponseToJavaScript(Napi::Env env, const vendor::HeaderMap& headers,
                                 const Napi::Value& body) {
  const Napi::Array result = Napi::Array::New(env, 2);
  result.Set(0u, HeadersToJavaScript(env, headers));
  result.Set(1u, body);
  return result;
}

Napi::Value FieldToJavaScript(Napi::Env env, std::string text) {
  return Utf8ToJavaScript(env, std::move(text));
}
Napi::Value FieldToJavaScript(Napi::Env env, uint32_t number) {
  return Napi::Number::New(env, number);
}
Napi::Value FieldToJavaScript(Napi::Env env, bool truth) { return Napi::Boolean::New(env, truth); }

}  // namespace

// Owns what is verified, and then the request, until Result gives it to the CallbackSdk. See
// AsyncCall for its threads.
class CallbackSdk::VerifyCall : public AsyncCall {
 public:
  VerifyCall(std::shared_ptr<MemoryAccount> memory, Head head, ChargedBytes body,
             std::shared_ptr<Verified> verified)
      : memory_(std::move(memory)),
        head_(std::move(head)),
        body_(std::move(body)),
        verified_(std::move(verified)) {}

  void Run() override {
    request_ = NewRequest(memory_, std::move(head_.settings), std::move(head_.method),
                          std::move(head_.headers), std::move(body_.bytes));
    body_ = {};
  }

  Napi::Value Result(Napi::Env env) override {
    verified_->ok = request_->IsOk();
    verified_->request = std::move(request_);
    memory_->Report(env);
    return env.Undefined();
  }

 private:
  const std::shared_ptr<MemoryAccount> memory_;
  Head head_;
  ChargedBytes body_;
  std::shared_ptr<vendor::Callback> request_;
  const std::shared_ptr<Verified> verified_;
};

// Owns the text of the response and shares the request, which it frees on the pool thread. See
// AsyncCall for its threads.
class CallbackSdk::RespondCall : public AsyncCall {
 public:
  RespondCall(std::shared_ptr<MemoryAccount> memory, std::shared_ptr<vendor::Callback> request,
              ChargedBytes response)
      : memory_(std::move(memory)), request_(std::move(request)), response_(std::move(response)) {}

  void Run() override {
    request_->BuildResponse(response_.bytes, &headers_, body_.get());
    request_.reset();
    response_ = {};
  }

  Napi::Value Result(Napi::Env env) override {
    memory_->Report(env);
    char* const data = body_->data();
    const size_t size = body_->size();
    // Not copied, because a large copy would block this thread. V8 accounts for the memory.
    const auto body = Napi::Buffer<char>::NewOrCopy(
        env, data, size, [](Napi::Env, char*, std::string* owned) { delete owned; },
        body_.release());
    return ResponseToJavaScript(env, headers_, body);
  }

 private:
  const std::shared_ptr<MemoryAccount> memory_;
  std::shared_ptr<vendor::Callback> request_;
  ChargedBytes response_;
  vendor::HeaderMap headers_;
  std::unique_ptr<std::string> body_ = std::make_unique<std::string>();
};

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
       InstanceMethod<&CallbackSdk::StartVerification>("StartVerification"),
       InstanceMethod<&CallbackSdk::BuildResponseHeaderBody>("BuildResponseHeaderBody"),
       InstanceMethod<&CallbackSdk::StartResponse>("StartResponse")});
}

CallbackSdk::CallbackSdk(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    std::string method = arguments.Name(0, "method");
    vendor::HeaderMap headers = ReadHeaders(arguments, 1, "headers");
    memory_ = Environment::Of(info.Env()).memory();
    vendor::Settings settings = Environment::Of(info.Env()).sdk_settings();
    if (info.Length() == 2) {
      head_ =
          std::make_unique<Head>(Head{std::move(settings), std::move(method), std::move(headers)});
    } else {
      std::string body = arguments.Bytes(2, "body");
      verified_->request = NewRequest(memory_, std::move(settings), std::move(method),
                                      std::move(headers), std::move(body));
      verified_->ok = verified_->request->IsOk();
      memory_->Report(info.Env());
    }
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
  });
}

CallbackSdk::~CallbackSdk() {
  verified_.reset();
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
  return callback->verified_->request;
}

const std::shared_ptr<vendor::Callback>& CallbackSdk::UnansweredRequest() const {
  if (!verified_->request) throw CodedError("ERR_SPEC_ALREADY_RESPONDED", "the request");
  return verified_->request;
}

vendor::Callback& CallbackSdk::ReadableRequest() const {
  if (!verified_->ok) throw CodedError("ERR_SPEC_CALLBACK_NOT_OK", "the request");
  return *UnansweredRequest();
}

template <auto kGetter>
Napi::Value CallbackSdk::Get(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(),
                 [&] { return FieldToJavaScript(info.Env(), (ReadableRequest().*kGetter)()); });
}

Napi::Value CallbackSdk::IsOk(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), verified_->ok);
}

Napi::Value CallbackSdk::StartVerification(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    ChargedBytes body = ByteCollector::Take(info[0], "body");
    if (!head_) throw CodedError("ERR_SPEC_INVALID_ARG_VALUE", "body", "is verified already");
    const std::unique_ptr<Head> head = std::move(head_);
    auto call = std::make_shared<VerifyCall>(memory_, std::move(*head), std::move(body), verified_);
    return Environment::Of(info.Env()).calls().StartComputation(info.Env(), std::move(call));
  });
}

Napi::Value CallbackSdk::BuildResponseHeaderBody(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Napi::Env env = info.Env();
    // Always checked, but used only for a verified request. For others, the guide passes an empty
    // string.
    std::string response = Arguments(info).Bytes(0, "response");
    vendor::Callback& request = *UnansweredRequest();
    if (!verified_->ok) response.clear();
    vendor::HeaderMap headers;
    std::string body;
    request.BuildResponse(response, &headers, &body);
    verified_->request.reset();
    memory_->Report(env);
    // Copied into V8's own memory, because a Buffer around native memory is freed only when the
    // event loop turns.
    return ResponseToJavaScript(env, headers,
                                Napi::Buffer<char>::Copy(env, body.data(), body.size()));
  });
}

Napi::Value CallbackSdk::StartResponse(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    ChargedBytes response = ByteCollector::Take(info[0], "response");
    auto call = std::make_shared<RespondCall>(memory_, UnansweredRequest(),
                                              verified_->ok ? std::move(response) : ChargedBytes());
    const Napi::Number number =
        Environment::Of(info.Env()).calls().StartComputation(info.Env(), std::move(call));
    // Only now, so that the request is kept when the pool does not accept the call.
    verified_->request.reset();
    return number;
  });
}

}  // namespace wework_spec
