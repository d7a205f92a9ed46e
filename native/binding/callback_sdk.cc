#include "binding/callback_sdk.h"

#include <string>
#include <utility>

#include "binding/byte_collector.h"
#include "binding/headers.h"
#include "runtime/arguments.h"
#include "runtime/async_calls.h"
#include "runtime/bytes.h"
#include "runtime/environment.h"
#include "runtime/errors.h"
#include "runtime/guarded.h"
#include "runtime/strings.h"
#include "runtime/utf.h"

namespace wework_spec {
namespace {

constexpr napi_type_tag kTypeTag = {0x8f1d5c0b7e3a4926, 0xb2c46a9df07158e3};

constexpr uint32_t kMaxSlab = 1 << 30;

// A request and the charge for its memory, which end together: the shared pointers to the request
// own this struct.
struct ChargedRequest {
  ChargedRequest(vendor::Settings settings, std::string method, vendor::HeaderMap headers,
                 std::string body)
      : callback(std::move(settings), std::move(method), std::move(headers), std::move(body)) {}
  vendor::Callback callback;
  MemoryAccount::Charge charge;
};

// A request without its body.
struct Head {
  vendor::Settings settings;
  std::string method;
  vendor::HeaderMap headers;
};

// From the arguments (method, headers, count).
Head ReadHead(const Arguments& arguments, Environment* environment) {
  std::string method = arguments.Name(0, "method");
  return {environment->sdk_settings(), std::move(method),
          ReadHeaders(arguments, 1, &environment->scratch().headers())};
}

// Verifies and decrypts. Any thread.
std::shared_ptr<vendor::Callback> NewRequest(const std::shared_ptr<MemoryAccount>& memory,
                                             Head head, std::string body) {
  auto request = std::make_shared<ChargedRequest>(std::move(head.settings), std::move(head.method),
                                                  std::move(head.headers), std::move(body));
  request->charge = MemoryAccount::Charge(memory, request->callback.RetainedBytes());
  vendor::Callback* const callback = &request->callback;
  return {std::move(request), callback};
}

Napi::Value AllHeaders(Napi::Env env, const vendor::HeaderMap& headers, std::string* text) {
  uint32_t none = 0;
  HeaderWriter().Write(headers, text, &none, 1);
  return ByteStringToJavaScript(env, *text);
}

// The result of a call that builds a response, when the body is a Buffer of its own.
Napi::Value Response(Napi::Env env, const Napi::Value& headers, const Napi::Value& body) {
  const Napi::Array result = Napi::Array::New(env, 2);
  result.Set(0u, headers);
  result.Set(1u, body);
  return result;
}

// Appends a text to the fields, and returns its length in UTF-16 units.
uint32_t AppendField(const std::string& field, std::string* fields, bool* is_ascii) {
  fields->append(field);
  if (IsAscii(field.data(), field.size())) return static_cast<uint32_t>(field.size());
  *is_ascii = false;
  std::u16string units(field.size(), u'\0');
  return static_cast<uint32_t>(DecodeUtf8(field.data(), field.size(), units.data()));
}

}  // namespace

// Owns what is verified, and then the request, until Result gives it to the CallbackSdk. See
// AsyncCall for its threads.
class CallbackSdk::VerifyCall : public AsyncCall {
 public:
  VerifyCall(std::shared_ptr<MemoryAccount> memory, Head head, ChargedBytes body, Place place)
      : memory_(std::move(memory)),
        head_(std::move(head)),
        body_(std::move(body)),
        place_(std::move(place)) {}

  void Run() override {
    request_ = NewRequest(memory_, std::move(head_), std::move(body_.bytes));
    body_ = {};
  }

  Napi::Value Result(Napi::Env env) override {
    *place_ = std::move(request_);
    memory_->Report(env);
    return env.Undefined();
  }

 private:
  const std::shared_ptr<MemoryAccount> memory_;
  Head head_;
  ChargedBytes body_;
  std::shared_ptr<vendor::Callback> request_;
  const Place place_;
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
    std::string text;
    return Response(env, AllHeaders(env, headers_, &text), body);
  }

 private:
  const std::shared_ptr<MemoryAccount> memory_;
  std::shared_ptr<vendor::Callback> request_;
  ChargedBytes response_;
  vendor::HeaderMap headers_;
  std::unique_ptr<std::string> body_ = std::make_unique<std::string>();
};

Napi::Function CallbackSdk::Define(Napi::Env env) {
  return DefineClass(
      env, "CallbackSdk",
      {InstanceMethod<&CallbackSdk::Verify>("Verify"),
       InstanceMethod<&CallbackSdk::StartVerification>("StartVerification"),
       InstanceMethod<&CallbackSdk::ReadFields>("ReadFields"),
       InstanceMethod<&CallbackSdk::GetData>("GetData"),
       InstanceMethod<&CallbackSdk::BuildResponseHeaderBody>("BuildResponseHeaderBody"),
       InstanceMethod<&CallbackSdk::StartResponse>("StartResponse")});
}

CallbackSdk::CallbackSdk(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Guarded(info.Env(), [&] {
    memory_ = Environment::Of(info.Env()).memory();
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
  });
}

CallbackSdk::~CallbackSdk() {
  request_->reset();
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
  return *callback->request_;
}

const std::shared_ptr<vendor::Callback>& CallbackSdk::UnansweredRequest() const {
  if (!*request_) throw CodedError("ERR_SPEC_ALREADY_RESPONDED", "the request");
  return *request_;
}

vendor::Callback& CallbackSdk::ReadableRequest() const {
  vendor::Callback& request = *UnansweredRequest();
  if (!request.IsOk()) throw CodedError("ERR_SPEC_CALLBACK_NOT_OK", "the request");
  return request;
}

Napi::Value CallbackSdk::Verify(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    Environment& environment = Environment::Of(info.Env());
    Head head = ReadHead(arguments, &environment);
    std::string body = arguments.Chunks(3, "body");
    *request_ = NewRequest(memory_, std::move(head), std::move(body));
    environment.scratch().Trim();
    memory_->Report(info.Env());
    return Fields(info.Env());
  });
}

Napi::Value CallbackSdk::StartVerification(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    Environment& environment = Environment::Of(info.Env());
    Head head = ReadHead(Arguments(info), &environment);
    ChargedBytes body = ByteCollector::Take(info[3], "body");
    auto call = std::make_shared<VerifyCall>(memory_, std::move(head), std::move(body), request_);
    return environment.calls().StartComputation(info.Env(), std::move(call));
  });
}

Napi::Value CallbackSdk::ReadFields(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] { return Fields(info.Env()); });
}

Napi::Value CallbackSdk::Fields(Napi::Env env) const {
  const vendor::Callback& request = *UnansweredRequest();
  if (!request.IsOk()) return env.Undefined();
  Environment& environment = Environment::Of(env);
  std::string& fields = environment.scratch().headers();
  fields.clear();
  std::string storage;
  bool is_ascii = true;
  const auto append = [&](const std::string& field) {
    return AppendField(field, &fields, &is_ascii);
  };
  uint32_t* const numbers = environment.numbers();
  numbers[0] = request.AgentId();
  numbers[1] = request.CallType();
  numbers[2] = request.IsAsync() ? 1 : 0;
  numbers[3] = append(request.CorpId(&storage));
  numbers[4] = append(request.AbilityId(&storage));
  numbers[5] = append(request.JobInfo(&storage));
  const bool has_notify_id = vendor::DescribeSdk().has_get_notify_id;
  if (has_notify_id) append(request.NotifyId(&storage));
  numbers[6] = has_notify_id ? 1 : 0;
  return is_ascii ? ByteStringToJavaScript(env, fields) : Utf8ToJavaScript(env, fields);
}

Napi::Value CallbackSdk::GetData(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    std::string storage;
    return Utf8ToJavaScript(info.Env(), ReadableRequest().Data(&storage));
  });
}

Napi::Value CallbackSdk::BuildResponseHeaderBody(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Napi::Env env = info.Env();
    const Arguments arguments(info);
    Environment& environment = Environment::Of(env);
    Scratch& scratch = environment.scratch();
    // Always checked, but used only for a verified request. For others, the guide passes an empty
    // string.
    std::string& response = scratch.text();
    arguments.Bytes(0, "response", &response);
    vendor::Callback& request = *UnansweredRequest();
    if (!request.IsOk()) response.clear();
    vendor::HeaderMap headers;
    std::string& body = scratch.result();
    body.clear();
    request.BuildResponse(response, &headers, &body);
    request_->reset();
    memory_->Report(env);
    std::string& text = scratch.headers();
    const auto [slab, room] = arguments.Memory(1, "slab");
    const uint32_t start = arguments.Integer(2, "start", 0, kMaxSlab);
    if (start <= room && body.size() <= room - start) {
      uint32_t* const numbers = environment.numbers();
      numbers[0] = static_cast<uint32_t>(body.size());
      CopyBytes(slab + start, body.data(), body.size());
      header_writer_.Write(headers, &text, numbers + 1, Environment::kNumbers - 1);
      return ByteStringToJavaScript(env, text);
    }
    // Copied into V8's own memory, because a Buffer around native memory is freed only when the
    // event loop turns.
    const auto own = Napi::Buffer<char>::Copy(env, body.data(), body.size());
    const Napi::Value built = Response(env, AllHeaders(env, headers, &text), own);
    scratch.Trim();
    return built;
  });
}

Napi::Value CallbackSdk::StartResponse(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    ChargedBytes response = ByteCollector::Take(info[0], "response");
    const std::shared_ptr<vendor::Callback>& request = UnansweredRequest();
    if (!request->IsOk()) response = {};
    auto call = std::make_shared<RespondCall>(memory_, request, std::move(response));
    const Napi::Number number =
        Environment::Of(info.Env()).calls().StartComputation(info.Env(), std::move(call));
    // Only now, so that the request is kept when the pool does not accept the call.
    request_->reset();
    return number;
  });
}

}  // namespace wework_spec
