// The native half of SpecSdk: calls to the platform.
#ifndef WEWORK_SPEC_BINDING_SPEC_SDK_H_
#define WEWORK_SPEC_BINDING_SPEC_SDK_H_

#include <napi.h>

#include <cstdint>
#include <memory>
#include <string>

#include "vendor/adapter.h"

namespace wework_spec {

// Wrapped by a JavaScript object of the class SpecSdk in native.d.ts, which owns it. JavaScript
// thread only.
//
// Holds the constructor's arguments and no SDK object: each call creates its own (see
// vendor::Client). A running call owns that client, and through it the request that it was created
// from, so the JavaScript objects can be collected meanwhile.
class SpecSdk : public Napi::ObjectWrap<SpecSdk> {
 public:
  static Napi::Function Define(Napi::Env env);

  // (corpId, agentId, abilityId?, jobInfo?) or (callback)
  explicit SpecSdk(const Napi::CallbackInfo& info);

 private:
  // Returns the number of the call, whose result is [ret, response].
  Napi::Value Invoke(const Napi::CallbackInfo& info);
  // Returns [ret, response]. Blocks the JavaScript thread.
  Napi::Value InvokeSync(const Napi::CallbackInfo& info);

  std::unique_ptr<vendor::Client> NewClient(Napi::Env env) const;

  std::shared_ptr<const vendor::Callback> callback_;  // null when constructed from ids
  std::string corp_id_;
  uint32_t agent_id_ = 0;
  std::string ability_id_;
  std::string job_info_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SPEC_SDK_H_
