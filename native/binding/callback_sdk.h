// The native half of SpecCallbackSDK: one request from the platform.
#ifndef WEWORK_SPEC_BINDING_CALLBACK_SDK_H_
#define WEWORK_SPEC_BINDING_CALLBACK_SDK_H_

#include <napi.h>

#include <memory>

#include "runtime/memory_account.h"
#include "vendor/adapter.h"

namespace wework_spec {

// Wrapped by a JavaScript object of the class CallbackSdk in native.d.ts; JavaScript thread only.
//
// Shares the request with the SpecSdk objects made from it. Lets go of it as soon as the answer is
// built and not when the garbage collector comes by, which under load would be gigabytes later.
class CallbackSdk : public Napi::ObjectWrap<CallbackSdk> {
 public:
  static Napi::Function Define(Napi::Env env);

  // The request behind a JavaScript value; throws a coded error when the value is no CallbackSdk,
  // when the request is not ok, or when it is answered.
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

  // The request, for what may be asked only of one that is ok and not yet answered.
  vendor::Callback& Readable() const;

  std::shared_ptr<MemoryAccount> memory_;
  std::shared_ptr<vendor::Callback> request_;  // empty once the answer is built
  bool ok_ = false;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_CALLBACK_SDK_H_
