#include "runtime/async_calls.h"

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/errors.h"

namespace wework_spec {

namespace {

struct Finished {
  uint32_t id;
  std::shared_ptr<AsyncCall> call;
  std::optional<CodedError> error;
};

}  // namespace

// Where pool threads leave what they have finished. Shared with them, since they may be inside the
// SDK long after the environment has ended. The thread-safe function is touched only with the mutex
// held and the door open: Node frees it with the environment.
struct AsyncCalls::Door {
  std::mutex mutex;
  napi_threadsafe_function wake = nullptr;
  std::vector<Finished> finished;
  bool closed = false;

  void Leave(Finished item) {
    std::vector<Finished> dropped;
    const std::lock_guard<std::mutex> lock(mutex);
    if (closed) {
      dropped.push_back(std::move(item));
      return;
    }
    finished.push_back(std::move(item));
    // One wake-up serves all that has gathered when it arrives.
    if (finished.size() == 1) napi_call_threadsafe_function(wake, nullptr, napi_tsfn_nonblocking);
  }
};

AsyncCalls::AsyncCalls(ThreadPool::Limits limits)
    : pool_(limits), door_(std::make_shared<Door>()) {}

AsyncCalls::~AsyncCalls() = default;

void AsyncCalls::SetSettle(const Napi::Function& settle) { settle_ = Napi::Persistent(settle); }

uint32_t AsyncCalls::Start(Napi::Env env, std::shared_ptr<AsyncCall> call) {
  if (door_->wake == nullptr) Open(env);
  const uint32_t id = next_id_++;
  const auto item = std::make_shared<Finished>(Finished{id, std::move(call), std::nullopt});
  const auto submitted = pool_.Submit(
      [item] {
        try {
          item->call->Run();
        } catch (...) {
          item->error = CurrentException();
        }
      },
      [door = door_, item] { door->Leave(std::move(*item)); });
  switch (submitted) {
    case ThreadPool::Submitted::kQueueFull:
      throw CodedError("ERR_SPEC_QUEUE_FULL", std::to_string(pool_.GetLimits().queue));
    case ThreadPool::Submitted::kNoThread:
      throw CodedError("ERR_SPEC_NO_THREAD", "the thread pool");
    case ThreadPool::Submitted::kYes:
      break;
  }
  // Calls under way keep the process alive, as file operations do; an idle pool does not.
  if (under_way_++ == 0) napi_ref_threadsafe_function(env, door_->wake);
  return id;
}

void AsyncCalls::Open(Napi::Env env) {
  const Napi::String name = Napi::String::New(env, "wework-spec");
  napi_threadsafe_function wake = nullptr;
  NAPI_THROW_IF_FAILED_VOID(
      env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                           this, OnFinished, &wake));
  napi_unref_threadsafe_function(env, wake);
  door_->wake = wake;
  // After the thread-safe function, whose own hook must run later than this one: hooks run last in,
  // first out.
  napi_add_env_cleanup_hook(env, OnEnvironmentEnd, this);
}

void AsyncCalls::OnEnvironmentEnd(void* self) {
  auto* calls = static_cast<AsyncCalls*>(self);
  calls->pool_.Close();
  std::vector<Finished> dropped;
  const std::lock_guard<std::mutex> lock(calls->door_->mutex);
  calls->door_->closed = true;
  dropped.swap(calls->door_->finished);
  napi_release_threadsafe_function(calls->door_->wake, napi_tsfn_abort);
}

void AsyncCalls::OnFinished(napi_env env, napi_value, void* self, void*) {
  if (env == nullptr) return;  // the environment is ending; `self` may be gone
  static_cast<AsyncCalls*>(self)->Settle(env);
}

void AsyncCalls::Settle(Napi::Env env) {
  std::vector<Finished> finished;
  {
    const std::lock_guard<std::mutex> lock(door_->mutex);
    finished.swap(door_->finished);
  }
  for (Finished& item : finished) {
    if (--under_way_ == 0) napi_unref_threadsafe_function(env, door_->wake);
    const Napi::HandleScope scope(env);
    try {
      Napi::Value result = env.Undefined();
      Napi::Value error = env.Undefined();
      if (!item.error) {
        try {
          result = item.call->Result(env);
        } catch (const Napi::Error& thrown) {
          error = thrown.Value();
        } catch (...) {
          item.error = CurrentException();
        }
      }
      if (item.error) error = ToJavaScript(env, *item.error).Value();
      item.call.reset();
      settle_.Call({Napi::Number::New(env, item.id), error, result});
    } catch (const Napi::Error&) {
      // Only when the environment is being terminated: nobody is left to be told.
      return;
    }
  }
}

}  // namespace wework_spec
