#include "runtime/async_calls.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/errors.h"
#include "runtime/guarded.h"

namespace wework_spec {

namespace {

ThreadPool::Limits ForComputations(ThreadPool::Limits limits) {
  static const size_t processors = std::thread::hardware_concurrency();
  return {std::min(limits.threads, processors > 2 ? processors - 1 : 1), limits.queue};
}

}  // namespace

struct AsyncCalls::NumberedCall {
  uint32_t number = 0;
  std::shared_ptr<AsyncCall> call;
  std::optional<CodedError> error;  // what Run or Result has thrown
};

// Takes finished calls from pool threads to the JavaScript thread. Owned jointly by AsyncCalls and
// the tasks of the pool, which can run long after the environment has ended.
class AsyncCalls::CompletionQueue {
 public:
  bool IsOpen() const { return wake_up_ != nullptr; }

  // Before the first call is submitted. `wake_up` calls AsyncCalls::OnWakeUp.
  void Open(napi_threadsafe_function wake_up) { wake_up_ = wake_up; }

  // While calls are running, they keep the process alive, as file operations do. JavaScript thread
  // only.
  void SetKeepsAlive(napi_env env, bool keeps_alive) {
    if (keeps_alive) {
      napi_ref_threadsafe_function(env, wake_up_);
    } else {
      napi_unref_threadsafe_function(env, wake_up_);
    }
  }

  // Any thread. Drops the call if the queue is closed.
  void Push(NumberedCall call) {
    NumberedCall dropped;  // destroyed after the lock is released
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) {
      dropped = std::move(call);
      return;
    }
    finished_.push_back(std::move(call));
    // One wake-up delivers all calls that have finished when it arrives.
    if (finished_.size() == 1) {
      napi_call_threadsafe_function(wake_up_, nullptr, napi_tsfn_nonblocking);
    }
  }

  std::vector<NumberedCall> TakeAll() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(finished_, {});
  }

  // When the environment ends: Node then frees the thread-safe function, so no thread may use it
  // afterwards.
  void Close() {
    std::vector<NumberedCall> dropped;  // destroyed after the lock is released
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    dropped.swap(finished_);
    napi_release_threadsafe_function(wake_up_, napi_tsfn_abort);
  }

 private:
  std::mutex mutex_;
  napi_threadsafe_function wake_up_ = nullptr;
  std::vector<NumberedCall> finished_;
  bool closed_ = false;
};

AsyncCalls::AsyncCalls(ThreadPool::Limits limits)
    : pool_(limits),
      computations_(ForComputations(limits)),
      completed_(std::make_shared<CompletionQueue>()) {}

AsyncCalls::~AsyncCalls() = default;

void AsyncCalls::SetSettle(const Napi::Function& settle) { settle_ = Napi::Persistent(settle); }

void AsyncCalls::SetLimits(ThreadPool::Limits limits) {
  pool_.SetLimits(limits);
  computations_.SetLimits(ForComputations(limits));
}

Napi::Number AsyncCalls::Start(Napi::Env env, std::shared_ptr<AsyncCall> call) {
  return StartIn(&pool_, env, std::move(call));
}

Napi::Number AsyncCalls::StartComputation(Napi::Env env, std::shared_ptr<AsyncCall> call) {
  return StartIn(&computations_, env, std::move(call));
}

Napi::Number AsyncCalls::StartIn(ThreadPool* pool, Napi::Env env, std::shared_ptr<AsyncCall> call) {
  if (!completed_->IsOpen()) OpenQueue(env);
  const uint32_t number = next_number_++;
  const auto item =
      std::make_shared<NumberedCall>(NumberedCall{number, std::move(call), std::nullopt});
  const auto submitted = pool->Submit(
      [item] {
        try {
          item->call->Run();
        } catch (...) {
          item->error = CurrentException();
        }
      },
      [completed = completed_, item] { completed->Push(std::move(*item)); });
  switch (submitted) {
    case ThreadPool::Submitted::kQueueFull:
      throw CodedError("ERR_SPEC_QUEUE_FULL", std::to_string(pool->GetLimits().queue));
    case ThreadPool::Submitted::kNoThread:
      throw CodedError("ERR_SPEC_NO_THREAD", "the thread pool");
    case ThreadPool::Submitted::kYes:
      break;
  }
  if (running_++ == 0) completed_->SetKeepsAlive(env, true);
  return Napi::Number::New(env, number);
}

void AsyncCalls::OpenQueue(Napi::Env env) {
  const Napi::String name = Napi::String::New(env, "wework-spec");
  napi_threadsafe_function wake_up = nullptr;
  NAPI_THROW_IF_FAILED_VOID(
      env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                           this, OnWakeUp, &wake_up));
  completed_->Open(wake_up);
  completed_->SetKeepsAlive(env, false);
  // Registered after the thread-safe function, because cleanup hooks run in reverse order and the
  // function's own hook must run last.
  napi_add_env_cleanup_hook(env, OnEnvironmentEnd, this);
}

void AsyncCalls::OnEnvironmentEnd(void* self) {
  auto* calls = static_cast<AsyncCalls*>(self);
  calls->pool_.Close();
  calls->computations_.Close();
  calls->completed_->Close();
}

void AsyncCalls::OnWakeUp(napi_env env, napi_value, void* self, void*) {
  if (env == nullptr) return;  // the environment is ending, and `self` may be destroyed
  static_cast<AsyncCalls*>(self)->SettleFinished(env);
}

void AsyncCalls::SettleFinished(Napi::Env env) {
  for (NumberedCall& item : completed_->TakeAll()) {
    if (--running_ == 0) completed_->SetKeepsAlive(env, false);
    const Napi::HandleScope scope(env);
    try {
      Settle(env, &item);
    } catch (const Napi::Error& thrown) {
      // The promise of this call stays pending, which must not be silent: the exception becomes an
      // uncaught one. The other calls are settled. Does nothing while the environment is being
      // terminated, when no JavaScript runs any more.
      napi_fatal_exception(env, thrown.Value());
    }
  }
}

void AsyncCalls::Settle(Napi::Env env, NumberedCall* item) {
  Napi::Value result = env.Undefined();
  Napi::Value error = env.Undefined();
  try {
    if (!item->error) {
      try {
        result = item->call->Result(env);
      } catch (const Napi::Error&) {
        throw;
      } catch (...) {
        item->error = CurrentException();
      }
    }
    if (item->error) error = ToJavaScript(env, *item->error).Value();
  } catch (const Napi::Error& thrown) {
    error = thrown.Value();
  }
  item->call.reset();
  settle_.Call({Napi::Number::New(env, item->number), error, result});
}

}  // namespace wework_spec
