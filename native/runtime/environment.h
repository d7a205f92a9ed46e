// The data of one JavaScript environment: the main thread or a Worker.
#ifndef WEWORK_SPEC_RUNTIME_ENVIRONMENT_H_
#define WEWORK_SPEC_RUNTIME_ENVIRONMENT_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "runtime/async_calls.h"
#include "runtime/errors.h"
#include "runtime/memory_account.h"
#include "runtime/scratch.h"

namespace wework_spec {

// Owned by Node as instance data and destroyed with the environment, after the cleanup hook of
// AsyncCalls. The addon keeps no other state of an environment, so several Workers can load it at
// once. JavaScript thread only.
class Environment {
 public:
  static Environment& Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Environment();

  // Creates what JavaScript reads as `numbers`. Called once, before any other function of the
  // addon.
  Napi::Value CreateNumbers(Napi::Env env);

  // Stores the functions that JavaScript provides: `makeError` (see MakeError in native.d.ts) and
  // `settle` (see AsyncCalls).
  void Attach(const Napi::Function& make_error, const Napi::Function& settle);

  // The JavaScript error for a CodedError; `received` is passed on when it is not null.
  Napi::Value MakeError(Napi::Env env, const CodedError& error,
                        napi_value received = nullptr) const;

  // The SDK's settings, which native/vendor makes and reads. Calls take a reference of their own
  // along when they leave the JavaScript thread.
  const std::shared_ptr<const void>& sdk_settings() const { return sdk_settings_; }
  void set_sdk_settings(std::shared_ptr<const void> settings) {
    sdk_settings_ = std::move(settings);
  }

  // What a function returns beside its value. JavaScript reads the same memory right after the
  // call, which costs nothing, whereas each element of an array would be a call of Node-API.
  uint32_t* numbers() const { return numbers_; }
  static constexpr size_t kNumbers = 32;

  AsyncCalls& calls() { return calls_; }
  Scratch& scratch() { return scratch_; }
  const std::shared_ptr<MemoryAccount>& memory() const { return memory_; }

 private:
  AsyncCalls calls_;
  const std::shared_ptr<MemoryAccount> memory_ = std::make_shared<MemoryAccount>();
  Scratch scratch_;
  Napi::FunctionReference make_error_;
  Napi::Reference<Napi::Uint32Array> numbers_array_;
  uint32_t* numbers_ = nullptr;  // the memory of numbers_array_
  std::shared_ptr<const void> sdk_settings_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_ENVIRONMENT_H_
