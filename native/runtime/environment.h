// What belongs to one JavaScript environment: the main thread's, or a Worker's.
#ifndef WEWORK_SPEC_RUNTIME_ENVIRONMENT_H_
#define WEWORK_SPEC_RUNTIME_ENVIRONMENT_H_

#include <napi.h>

#include <memory>

#include "runtime/async_calls.h"
#include "runtime/errors.h"
#include "runtime/memory_account.h"

namespace wework_spec {

// Owned by the environment as its instance data and destroyed with it, after the cleanup hook of
// AsyncCalls. The binding has no other state, so it may be loaded in several Workers at once.
// JavaScript thread only.
class Environment {
 public:
  static Environment& Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Environment();

  // Connects the parts that are made in JavaScript: `makeError(code, subject, detail)` and `settle`
  // (see AsyncCalls).
  void Attach(const Napi::Function& make_error, const Napi::Function& settle);

  Napi::Value MakeError(Napi::Env env, const CodedError& error) const;

  AsyncCalls& calls() { return calls_; }
  const std::shared_ptr<MemoryAccount>& memory() const { return memory_; }

 private:
  AsyncCalls calls_;
  const std::shared_ptr<MemoryAccount> memory_ = std::make_shared<MemoryAccount>();
  Napi::FunctionReference make_error_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_ENVIRONMENT_H_
