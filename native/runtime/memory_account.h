// Reports native memory that JavaScript objects keep alive to V8, so that the garbage collector
// takes it into account.
#ifndef WEWORK_SPEC_RUNTIME_MEMORY_ACCOUNT_H_
#define WEWORK_SPEC_RUNTIME_MEMORY_ACCOUNT_H_

#include <napi.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace wework_spec {

// One for each environment. Charges may be created and destroyed on any thread. Owned jointly by
// the environment and its charges, which can outlive it on a pool thread.
class MemoryAccount {
 public:
  // Charges an account for some bytes while it exists. Owned by whatever holds the memory.
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

  // Reports the change of the total since the last report to V8, unless it is too small to matter.
  // JavaScript thread only.
  void Report(Napi::Env env);

 private:
  std::atomic<int64_t> unreported_{0};
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_MEMORY_ACCOUNT_H_
