#include "runtime/exit_guard.h"

#include <stdlib.h>
#include <unistd.h>

#include <atomic>

namespace wework_spec {
namespace {

// Process-wide on purpose, and never destroyed: it is read while the process exits.
std::atomic<int> threads_inside{0};
std::atomic<bool> armed_first{false};
std::atomic<bool> armed_again{false};

void LeaveAtOnce(int status, void*) {
  if (threads_inside.load() > 0) _exit(status);
}

// Exit handlers run in the reverse of the order in which they were registered, together with the
// destructors of static objects. Ours has to come before those of the SDK, so it is registered
// after they are.
void Arm(std::atomic<bool>* armed) {
  if (!armed->exchange(true)) on_exit(LeaveAtOnce, nullptr);
}

}  // namespace

ExitGuard::InsideSdk::InsideSdk() {
  ++threads_inside;
  Arm(&armed_first);
}

ExitGuard::InsideSdk::~InsideSdk() {
  // Once more after the first call: it may have made static objects inside the SDK.
  Arm(&armed_again);
  --threads_inside;
}

}  // namespace wework_spec
