// Tells V8 about native memory that JavaScript objects keep alive, so that the garbage collector
// knows what collecting them is worth.
#ifndef WEWORK_SPEC_RUNTIME_MEMORY_ACCOUNT_H_
#define WEWORK_SPEC_RUNTIME_MEMORY_ACCOUNT_H_

#include <napi.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace wework_spec {

// One for each environment. Charges and returns may come from any thread; V8 is told by Report, on
// the JavaScript thread. Shared, because what was charged may outlive the environment on a pool
// thread.
class MemoryAccount {
 public:
  // Bytes charged as long as it lives. Movable; owned by whatever holds the memory.
  class Charge {
   public:
    Charge() = default;
    Charge(std::shared_ptr<MemoryAccount> account, size_t bytes);
    ~Charge();
    Charge(Charge&& other) noexcept;
    Charge& operator=(Charge&& other) noexcept;

   private:
    std::shared_ptr<MemoryAccount> account_;
    int64_t bytes_ = 0;
  };

  // JavaScript thread only.
  void Report(Napi::Env env);

 private:
  std::atomic<int64_t> unreported_{0};
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_MEMORY_ACCOUNT_H_
