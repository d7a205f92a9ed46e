#include "runtime/memory_account.h"

#include <cstdlib>
#include <utility>

namespace wework_spec {

MemoryAccount::Charge::Charge(std::shared_ptr<MemoryAccount> account, size_t bytes)
    : account_(std::move(account)), bytes_(static_cast<int64_t>(bytes)) {
  account_->unreported_ += bytes_;
}

MemoryAccount::Charge::~Charge() {
  if (account_) account_->unreported_ -= bytes_;
}

MemoryAccount::Charge::Charge(Charge&& other) noexcept
    : account_(std::move(other.account_)), bytes_(std::exchange(other.bytes_, 0)) {}

MemoryAccount::Charge& MemoryAccount::Charge::operator=(Charge&& other) noexcept {
  std::swap(account_, other.account_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

namespace {

constexpr int64_t kReported = 256 * 1024;  // bytes

}  // namespace

void MemoryAccount::Report(Napi::Env env) {
  if (std::abs(unreported_.load(std::memory_order_relaxed)) < kReported) return;
  const int64_t change = unreported_.exchange(0);
  int64_t total = 0;
  napi_adjust_external_memory(env, change, &total);
}

}  // namespace wework_spec
