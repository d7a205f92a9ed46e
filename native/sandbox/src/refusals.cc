#include "refusals.h"

#include <chrono>
#include <mutex>
#include <utility>

#include "cpp_sdk.h"

namespace wework_spec_sandbox {
namespace {

constexpr int kBurst = 5;
constexpr std::chrono::minutes kInterval{1};

class Refusals {
 public:
  struct Decision {
    bool is_logged;
    // Refusals of the last interval that were not logged; reported once.
    unsigned long long suppressed;
  };

  Decision Add() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    unsigned long long suppressed = 0;
    if (now - started_ >= kInterval) {
      started_ = now;
      logged_ = 0;
      std::swap(suppressed, suppressed_);
    }
    if (logged_ >= kBurst) {
      ++suppressed_;
      return {false, 0};
    }
    ++logged_;
    return {true, suppressed};
  }

 private:
  std::mutex mutex_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  int logged_ = 0;
  unsigned long long suppressed_ = 0;
};

}  // namespace

void LogRefusal(const char* reason) {
  // Never destroyed, because threads of the host may still use it while the process exits.
  static Refusals* const refusals = new Refusals;
  const auto [is_logged, suppressed] = refusals->Add();
  if (suppressed > 0) WWSPEC_LOG_ERROR("%llu more requests refused", suppressed);
  if (is_logged) WWSPEC_LOG_ERROR("request refused: %s", reason);
}

}  // namespace wework_spec_sandbox
