// The native half of SpecCallbackSDK: one request from the platform.
#ifndef WEWORK_SPEC_BINDING_CALLBACK_SDK_H_
#define WEWORK_SPEC_BINDING_CALLBACK_SDK_H_

#include <napi.h>

#include <memory>

#include "runtime/memory_account.h"
#include "vendor/adapter.h"

namespace wework_spec {

// Wrapped by a JavaScript object of the class CallbackSdk in native.d.ts, which owns it. JavaScript
// thread only.
//
// Shares ownership of the request with the SpecSdk objects created from it. Releases it as soon as
// the response is built, because gigabytes could accumulate under load until the garbage collector
// runs.
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
  template <auto kGetter>
  Napi::Value Get(const Napi::CallbackInfo& info);
  Napi::Value IsOk(const Napi::CallbackInfo& info);
  // Returns [[name, value, name, value, …], body].
  Napi::Value BuildResponseHeaderBody(const Napi::CallbackInfo& info);

  // The request, if it is ok and its response was not built yet; throws otherwise.
  vendor::Callback& ReadableRequest() const;

  std::shared_ptr<MemoryAccount> memory_;
  std::shared_ptr<vendor::Callback> request_;  // null once the response is built
  bool ok_ = false;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_CALLBACK_SDK_H_
