// The native half of SpecCallbackSDK: one request from the platform.
#ifndef WEWORK_SPEC_BINDING_CALLBACK_SDK_H_
#define WEWORK_SPEC_BINDING_CALLBACK_SDK_H_

#include <napi.h>

#include <memory>
#include <string>

#include "binding/headers.h"
#include "runtime/memory_account.h"
#include "vendor/adapter.h"

namespace wework_spec {

// Wrapped by a JavaScript object of the class CallbackSdk in native.d.ts, which owns it and uses it
// for one request after the other. JavaScript thread only.
//
// Shares ownership of the request with the SpecSdk objects created from it. Releases it as soon as
// the response is built, because gigabytes could accumulate under load until the garbage collector
// runs.
//
// Only one thread at a time verifies the request or builds its response: a call that does so on a
// pool thread gives the request to this object when it has finished, or has taken it away before it
// starts. So the object has no request as long as such a call runs.
class CallbackSdk : public Napi::ObjectWrap<CallbackSdk> {
 public:
  static Napi::Function Define(Napi::Env env);

  // The request of a JavaScript CallbackSdk. Throws when the value is not a CallbackSdk, when the
  // request did not pass verification, or when its response was built already.
  static std::shared_ptr<const vendor::Callback> RequestOf(const Napi::Value& value,
                                                           const char* name);

  explicit CallbackSdk(const Napi::CallbackInfo& info);
  ~CallbackSdk() override;

 private:
  class VerifyCall;
  class RespondCall;

  // Owned jointly with a VerifyCall, which writes it on the JavaScript thread, so that the
  // JavaScript object can be collected meanwhile. Null before, and once the response is built.
  using Place = std::shared_ptr<std::shared_ptr<vendor::Callback>>;

  // (method, headers, count, body): returns what ReadFields does.
  Napi::Value Verify(const Napi::CallbackInfo& info);
  // (method, headers, count, body): returns the number of the call, which has no result.
  Napi::Value StartVerification(const Napi::CallbackInfo& info);
  Napi::Value ReadFields(const Napi::CallbackInfo& info);
  Napi::Value GetData(const Napi::CallbackInfo& info);
  // (response, slab, start)
  Napi::Value BuildResponseHeaderBody(const Napi::CallbackInfo& info);
  // Returns the number of the call, whose result is [headers, body].
  Napi::Value StartResponse(const Napi::CallbackInfo& info);

  Napi::Value Fields(Napi::Env env) const;
  // The request, if it is ok and its response was not built yet; throws otherwise.
  vendor::Callback& ReadableRequest() const;
  // The request, if its response was not built yet; throws otherwise.
  const std::shared_ptr<vendor::Callback>& UnansweredRequest() const;

  std::shared_ptr<MemoryAccount> memory_;
  HeaderWriter header_writer_;
  const Place request_ = std::make_shared<std::shared_ptr<vendor::Callback>>();
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_CALLBACK_SDK_H_
