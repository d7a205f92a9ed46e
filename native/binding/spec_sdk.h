// The native half of SpecSdk: calls into the platform.
#ifndef WEWORK_SPEC_BINDING_SPEC_SDK_H_
#define WEWORK_SPEC_BINDING_SPEC_SDK_H_

#include <napi.h>

#include <cstdint>
#include <memory>
#include <string>

#include "vendor/adapter.h"

namespace wework_spec {

// Wrapped by a JavaScript object of the class SpecSdk in native.d.ts; JavaScript thread only.
//
// Holds what a call needs, not an SDK object: each call gets one of its own (see vendor::Client). A
// call under way owns that object, and through it the request that it was made from, whatever is
// collected meanwhile.
class SpecSdk : public Napi::ObjectWrap<SpecSdk> {
 public:
  static Napi::Function Define(Napi::Env env);

  // (corpId, agentId, abilityId?, jobInfo?) or (callback)
  explicit SpecSdk(const Napi::CallbackInfo& info);

 private:
  // Returns the number of the call, which is settled with [ret, response].
  Napi::Value Invoke(const Napi::CallbackInfo& info);
  // Returns [ret, response]. Blocks the thread.
  Napi::Value InvokeSync(const Napi::CallbackInfo& info);

  std::unique_ptr<vendor::Client> NewClient() const;

  std::shared_ptr<const vendor::Callback> callback_;  // empty when made from ids
  std::string corp_id_;
  uint32_t agent_id_ = 0;
  std::string ability_id_;
  std::string job_info_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SPEC_SDK_H_
