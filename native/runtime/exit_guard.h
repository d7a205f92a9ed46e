// Keeps process exit safe while threads of the pool run blocking calls.
#ifndef WEWORK_SPEC_RUNTIME_EXIT_GUARD_H_
#define WEWORK_SPEC_RUNTIME_EXIT_GUARD_H_

namespace wework_spec {

// While an ExitGuard exists, process exit skips the remaining exit handlers and ends the process at
// once, with the exit code that was given.
//
// exit() runs the destructors of static objects and OpenSSL's cleanup. A call that is still running
// in a library would then work on destroyed objects and could crash the process, with the wrong
// exit code; it can be neither interrupted nor waited for. So each call holds a guard from its
// submission until it is finished and destroyed. Created and destroyed on any thread.
class ExitGuard {
 public:
  ExitGuard();
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_EXIT_GUARD_H_
