#include "runtime/exit_guard.h"

#include <stdlib.h>
#include <unistd.h>

#include <atomic>

namespace wework_spec {
namespace {

// Process-wide, because all environments share one exit. Trivially destroyed, so they can be read
// while the process exits.
std::atomic<int> active_guards{0};
std::atomic<bool> registered_before_call{false};
std::atomic<bool> registered_after_call{false};

void EndProcessIfGuarded(int status, void*) {
  if (active_guards.load() > 0) _exit(status);
}

// Exit handlers and the destructors of static objects run in reverse order of registration. This
// handler must run before the destructors of the called library's objects, so it is registered
// after them.
void RegisterOnce(std::atomic<bool>* registered) {
  if (!registered->exchange(true)) on_exit(EndProcessIfGuarded, nullptr);
}

}  // namespace

ExitGuard::ExitGuard() {
  ++active_guards;
  RegisterOnce(&registered_before_call);
}

ExitGuard::~ExitGuard() {
  // Again after the first call, which may have created function-local static objects.
  RegisterOnce(&registered_after_call);
  --active_guards;
}

}  // namespace wework_spec
