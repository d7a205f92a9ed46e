// A thread pool for calls that block. It does not use libuv's: 64 blocking calls on those four
// threads would delay every file and DNS operation of the program, and process exit would wait for
// them.
#ifndef WEWORK_SPEC_RUNTIME_THREAD_POOL_H_
#define WEWORK_SPEC_RUNTIME_THREAD_POOL_H_

#include <cstddef>
#include <functional>
#include <memory>

namespace wework_spec {

// Starts threads on demand, up to a limit, and queues further tasks.
//
// Used from one thread, the JavaScript thread of its environment. The pool's threads are detached,
// because a blocking call can be neither interrupted nor waited for. They share ownership of the
// pool's state, so it outlives the pool as long as one of them runs.
class ThreadPool {
 public:
  struct Limits {
    size_t threads;
    size_t queue;  // tasks that may wait for a thread
  };
  struct Usage {
    size_t threads;
    size_t running;
    size_t queued;
  };
  enum class Submitted { kYes, kQueueFull, kNoThread };

  explicit ThreadPool(Limits limits);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Runs `work` and then `report` on a thread of the pool; neither may throw. The thread already
  // counts as idle when `report` runs, so that a caller that it notifies can submit the next task.
  // Both functions are destroyed on that thread, or on the calling thread if the task is not
  // accepted.
  Submitted Submit(std::function<void()> work, std::function<void()> report);

  // A higher thread limit starts queued tasks at once. With a lower one, surplus threads end as
  // soon as they are idle.
  void SetLimits(Limits limits);
  Limits GetLimits() const;
  Usage GetUsage() const;

  // Drops queued tasks and ends the threads; a running task is finished first. Does not wait.
  void Close();

 private:
  struct State;
  void StartThread();
  static void RunThread(const std::shared_ptr<State>& state);
  const std::shared_ptr<State> state_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_THREAD_POOL_H_
