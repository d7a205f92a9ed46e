#include "runtime/thread_pool.h"

#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "runtime/exit_guard.h"

namespace wework_spec {
namespace {

// Signals belong to Node's threads; a handler must not run on one that is inside the SDK.
class BlockSignals {
 public:
  BlockSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockSignals(const BlockSignals&) = delete;
  BlockSignals& operator=(const BlockSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

struct ThreadPool::State {
  struct Task {
    // Counts from the moment of submission. Were it only while the work runs, the process could
    // find nobody inside when it exits, destroy the SDK's static objects, and a thread would take
    // the next task then.
    std::unique_ptr<ExitGuard::InsideSdk> inside;
    std::function<void()> work;
    std::function<void()> report;
  };

  explicit State(Limits initial) : limits(initial) {}

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Task> queue;
  Limits limits;
  size_t threads = 0;
  size_t idle = 0;  // threads that run no task, those included that are just starting
  bool closed = false;

  // Threads that can take a task. Those above a lowered limit are about to end and do not count.
  size_t Free() const {
    const size_t surplus = threads > limits.threads ? threads - limits.threads : 0;
    return idle > surplus ? idle - surplus : 0;
  }
};

ThreadPool::ThreadPool(Limits limits) : state_(std::make_shared<State>(limits)) {}

ThreadPool::~ThreadPool() { Close(); }

ThreadPool::Submitted ThreadPool::Submit(std::function<void()> work, std::function<void()> report) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->queue.size() >= state_->Free()) {
    if (state_->threads < state_->limits.threads) {
      StartThread();
      if (state_->threads == 0) return Submitted::kNoThread;
    } else if (state_->queue.size() - state_->Free() >= state_->limits.queue) {
      return Submitted::kQueueFull;
    }
  }
  state_->queue.push_back(
      {std::make_unique<ExitGuard::InsideSdk>(), std::move(work), std::move(report)});
  state_->changed.notify_one();
  return Submitted::kYes;
}

// Called with the mutex held. When the system has no thread to give, the ones that run have to do.
void ThreadPool::StartThread() {
  try {
    const BlockSignals blocked;  // the new thread inherits the mask
    std::thread(RunThread, state_).detach();
    ++state_->threads;
    ++state_->idle;
  } catch (const std::system_error&) {
  }
}

void ThreadPool::RunThread(const std::shared_ptr<State>& state) {
  pthread_setname_np(pthread_self(), "wework-spec");
  std::unique_lock<std::mutex> lock(state->mutex);
  for (;;) {
    state->changed.wait(lock, [&] {
      return state->closed || !state->queue.empty() || state->threads > state->limits.threads;
    });
    --state->idle;
    if (state->closed || state->threads > state->limits.threads) break;
    State::Task task = std::move(state->queue.front());
    state->queue.pop_front();
    lock.unlock();
    task.work();
    lock.lock();
    ++state->idle;
    lock.unlock();
    task.report();
    // The SDK objects that the functions still own are destroyed before the process may take this
    // thread for outside.
    task.work = nullptr;
    task.report = nullptr;
    task.inside = nullptr;
    lock.lock();
  }
  --state->threads;
}

void ThreadPool::SetLimits(Limits limits) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->limits = limits;
  while (state_->queue.size() > state_->Free() && state_->threads < limits.threads) {
    const size_t before = state_->threads;
    StartThread();
    if (state_->threads == before) break;
  }
  state_->changed.notify_all();
}

ThreadPool::Limits ThreadPool::GetLimits() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->limits;
}

ThreadPool::Usage ThreadPool::GetUsage() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return {state_->threads, state_->threads - state_->idle, state_->queue.size()};
}

void ThreadPool::Close() {
  std::deque<State::Task> dropped;
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->closed = true;
  dropped.swap(state_->queue);
  state_->changed.notify_all();
}

}  // namespace wework_spec
