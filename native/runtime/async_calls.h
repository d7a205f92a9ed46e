// SDK calls that block, run off the JavaScript thread.
#ifndef WEWORK_SPEC_RUNTIME_ASYNC_CALLS_H_
#define WEWORK_SPEC_RUNTIME_ASYNC_CALLS_H_

#include <napi.h>

#include <cstdint>
#include <memory>

#include "runtime/thread_pool.h"

namespace wework_spec {

// One call. Made on the JavaScript thread with copies of its inputs, run on a pool thread, settled
// on the JavaScript thread. Holds no JavaScript values, so that it may outlive its environment.
class AsyncCall {
 public:
  virtual ~AsyncCall() = default;
  // Pool thread. May throw.
  virtual void Run() = 0;
  // JavaScript thread, after Run has returned. May throw.
  virtual Napi::Value Result(Napi::Env env) = 0;
};

// The calls of one environment; lives on its JavaScript thread.
//
// A call is known to JavaScript by a number, and its promise is kept there (lib/binding/calls.ts).
// So nothing native refers to JavaScript objects while a call is under way, and an environment may
// end at any moment: what comes back later finds the door closed and is dropped.
class AsyncCalls {
 public:
  explicit AsyncCalls(ThreadPool::Limits limits);
  ~AsyncCalls();
  AsyncCalls(const AsyncCalls&) = delete;
  AsyncCalls& operator=(const AsyncCalls&) = delete;

  // `settle(id, error, result)` is called once for each call that was started.
  void SetSettle(const Napi::Function& settle);

  // Queues the call and returns its number. Throws ERR_SPEC_QUEUE_FULL or ERR_SPEC_NO_THREAD.
  uint32_t Start(Napi::Env env, std::shared_ptr<AsyncCall> call);

  ThreadPool& pool() { return pool_; }

 private:
  struct Door;
  void Open(Napi::Env env);
  void Settle(Napi::Env env);
  static void OnFinished(napi_env env, napi_value function, void* self, void* data);
  static void OnEnvironmentEnd(void* self);

  ThreadPool pool_;
  const std::shared_ptr<Door> door_;
  Napi::FunctionReference settle_;
  uint32_t next_id_ = 1;
  size_t under_way_ = 0;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_ASYNC_CALLS_H_
