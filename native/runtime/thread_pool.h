// Threads for calls that block. Not libuv's: 64 blocking calls on its four threads would hold up
// every file and DNS operation of the program, and process exit would wait for them.
#ifndef WEWORK_SPEC_RUNTIME_THREAD_POOL_H_
#define WEWORK_SPEC_RUNTIME_THREAD_POOL_H_

#include <cstddef>
#include <functional>
#include <memory>

namespace wework_spec {

// Starts threads as they are needed, up to a limit, and queues what comes beyond.
//
// Used from one thread, the JavaScript thread of its environment. The threads are detached, because
// a thread inside the SDK can neither be interrupted nor waited for; what they need they own
// together with the pool.
class ThreadPool {
 public:
  struct Limits {
    size_t threads;
    size_t queue;  // calls that may wait for a thread
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

  // Neither function may throw. `report` runs after `work`, on the same thread, when that thread
  // counts as idle again: whoever hears of the end may submit the next task and finds a place. Both
  // are destroyed there, or here if they were not accepted.
  Submitted Submit(std::function<void()> work, std::function<void()> report);

  // With more threads, queued tasks start at once. Threads above a lower limit end when they are
  // idle next.
  void SetLimits(Limits limits);
  Limits GetLimits() const;
  Usage GetUsage() const;

  // Drops what is queued and lets the threads end; those inside the SDK end when it returns.
  void Close();

 private:
  struct State;
  void StartThread();
  static void RunThread(const std::shared_ptr<State>& state);
  const std::shared_ptr<State> state_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_THREAD_POOL_H_
