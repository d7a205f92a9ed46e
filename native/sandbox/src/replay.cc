#include "replay.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

namespace wework_spec_sandbox {
namespace {

using Clock = std::chrono::steady_clock;

// Keeps two generations of nonces and drops the older one as a whole, so each nonce is remembered
// for one to two periods.
class NonceMemory {
 public:
  bool Remember(std::string_view nonce, std::chrono::seconds window) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Rotate(window);
    std::string text(nonce);
    return older_.count(text) == 0 && newer_.insert(std::move(text)).second;
  }

 private:
  void Rotate(std::chrono::seconds window) {
    // A timestamp may be one window in the future and is accepted until one window after it.
    period_ = std::max(period_, 2 * window + std::chrono::seconds(1));
    const Clock::time_point now = Clock::now();
    if (now - started_ < period_) return;
    older_.clear();
    if (now - started_ < 2 * period_) older_.swap(newer_);
    newer_.clear();
    started_ = now;
  }

  std::mutex mutex_;
  std::chrono::seconds period_{0};
  Clock::time_point started_ = Clock::now();
  std::unordered_set<std::string> newer_;
  std::unordered_set<std::string> older_;
};

}  // namespace

bool RememberNonce(std::string_view nonce, std::chrono::seconds window) {
  // Never destroyed, because threads of the host may still use it while the process exits.
  static NonceMemory* const memory = new NonceMemory;
  return memory->Remember(nonce, window);
}

}  // namespace wework_spec_sandbox
