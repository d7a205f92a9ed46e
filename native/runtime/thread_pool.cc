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

// Blocks signals on the calling thread while it exists. Signals of other processes are for Node's
// threads; a handler must not interrupt a call into a library.
//
// Those that report a fault of the thread itself stay as they are: if they were blocked, the kernel
// would end the process without running a handler, so that a crash inside the SDK left no report.
class ScopedSignalBlock {
 public:
  ScopedSignalBlock() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) {
      sigdelset(&blocked, fault);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~ScopedSignalBlock() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  ScopedSignalBlock(const ScopedSignalBlock&) = delete;
  ScopedSignalBlock& operator=(const ScopedSignalBlock&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

// Owned jointly by the pool and its threads; every member is protected by `mutex`.
struct ThreadPool::State {
  struct Task {
    // Held from submission on. If it covered only `work`, a thread could start a queued task after
    // process exit has begun to destroy static objects.
    std::unique_ptr<ExitGuard> exit_guard;
    std::function<void()> work;
    std::function<void()> report;
  };

  explicit State(Limits initial) : limits(initial) {}

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Task> queue;
  Limits limits;
  size_t threads = 0;
  size_t idle = 0;  // threads that run no task, including those that are starting
  bool closed = false;

  // Requires the mutex. Not condition_variable::wait, for which GCC 12 and later require a
  // libstdc++ (GLIBCXX_3.4.30) that RHEL 9 and its kin do not have.
  void WaitForChange() { pthread_cond_wait(changed.native_handle(), mutex.native_handle()); }

  // Idle threads that can take a task. Surplus threads above a lowered limit are about to end.
  size_t Available() const {
    const size_t surplus = threads > limits.threads ? threads - limits.threads : 0;
    return idle > surplus ? idle - surplus : 0;
  }
};

ThreadPool::ThreadPool(Limits limits) : state_(std::make_shared<State>(limits)) {}

ThreadPool::~ThreadPool() { Close(); }

ThreadPool::Submitted ThreadPool::Submit(std::function<void()> work, std::function<void()> report) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->queue.size() >= state_->Available()) {
    if (state_->threads < state_->limits.threads) {
      StartThread();
      if (state_->threads == 0) return Submitted::kNoThread;
    } else if (state_->queue.size() - state_->Available() >= state_->limits.queue) {
      return Submitted::kQueueFull;
    }
  }
  state_->queue.push_back({std::make_unique<ExitGuard>(), std::move(work), std::move(report)});
  state_->changed.notify_one();
  return Submitted::kYes;
}

// Requires the mutex. If the system refuses a thread, the existing ones serve the queue.
void ThreadPool::StartThread() {
  try {
    const ScopedSignalBlock block;  // the new thread inherits the mask
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
    while (!state->closed && state->queue.empty() && state->threads <= state->limits.threads) {
      state->WaitForChange();
    }
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
    // The functions may own objects of the called library, which must be destroyed under the guard.
    task.work = nullptr;
    task.report = nullptr;
    task.exit_guard = nullptr;
    lock.lock();
  }
  --state->threads;
}

void ThreadPool::SetLimits(Limits limits) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->limits = limits;
  while (state_->queue.size() > state_->Available() && state_->threads < limits.threads) {
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
  std::deque<State::Task> dropped;  // destroyed after the lock is released
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->closed = true;
  dropped.swap(state_->queue);
  state_->changed.notify_all();
}

}  // namespace wework_spec
