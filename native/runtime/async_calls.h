// Blocking calls that run off the JavaScript thread.
#ifndef WEWORK_SPEC_RUNTIME_ASYNC_CALLS_H_
#define WEWORK_SPEC_RUNTIME_ASYNC_CALLS_H_

#include <napi.h>

#include <cstdint>
#include <memory>

#include "runtime/thread_pool.h"

namespace wework_spec {

// One call. Constructed on the JavaScript thread with copies of its inputs, run on a pool thread,
// and settled on the JavaScript thread. Holds no JavaScript values, so it can outlive its
// environment and be destroyed on either thread.
class AsyncCall {
 public:
  virtual ~AsyncCall() = default;
  // Runs on a pool thread. May throw.
  virtual void Run() = 0;
  // Runs on the JavaScript thread after Run has returned. May throw.
  virtual Napi::Value Result(Napi::Env env) = 0;
};

// The calls of one environment. JavaScript thread only.
//
// JavaScript knows a call by its number and keeps the promise (lib/binding/calls.ts). So native
// code holds no reference to a JavaScript object of a running call, and an environment can end at
// any moment: calls that finish later are dropped.
class AsyncCalls {
 public:
  explicit AsyncCalls(ThreadPool::Limits limits);
  ~AsyncCalls();
  AsyncCalls(const AsyncCalls&) = delete;
  AsyncCalls& operator=(const AsyncCalls&) = delete;

  // `settle(number, error, result)` is called once for each call that was started.
  void SetSettle(const Napi::Function& settle);

  // Submits the call to the pool and returns its number (CallNumber in native.d.ts). Throws
  // ERR_SPEC_QUEUE_FULL or ERR_SPEC_NO_THREAD.
  Napi::Number Start(Napi::Env env, std::shared_ptr<AsyncCall> call);
  // The same for a call that a request waits for, and that only computes. It has threads of its
  // own, so that calls that wait for the platform do not delay it: one fewer than processors,
  // because one processor runs JavaScript.
  Napi::Number StartComputation(Napi::Env env, std::shared_ptr<AsyncCall> call);

  // The limits of the calls that wait. They hold for the computations as well.
  void SetLimits(ThreadPool::Limits limits);
  const ThreadPool& pool() const { return pool_; }

 private:
  class CompletionQueue;
  struct NumberedCall;
  Napi::Number StartIn(ThreadPool* pool, Napi::Env env, std::shared_ptr<AsyncCall> call);
  void OpenQueue(Napi::Env env);
  void SettleFinished(Napi::Env env);
  void Settle(Napi::Env env, NumberedCall* item);
  static void OnWakeUp(napi_env env, napi_value function, void* self, void* data);
  static void OnEnvironmentEnd(void* self);

  ThreadPool pool_;
  ThreadPool computations_;
  const std::shared_ptr<CompletionQueue> completed_;
  Napi::FunctionReference settle_;
  uint32_t next_number_ = 1;
  size_t running_ = 0;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_ASYNC_CALLS_H_
