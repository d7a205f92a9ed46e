// Keeps process exit safe while threads are inside the SDK.
//
// exit() runs the destructors of static objects and OpenSSL's cleanup. A thread that is still
// inside the SDK then works on destroyed objects and may crash the process on its way out, with the
// wrong exit code. It can neither be stopped nor waited for, so with such threads the process ends
// at once, with the code that it was given.
#ifndef WEWORK_SPEC_RUNTIME_EXIT_GUARD_H_
#define WEWORK_SPEC_RUNTIME_EXIT_GUARD_H_

namespace wework_spec {

class ExitGuard {
 public:
  // As long as one lives, a thread is inside the SDK or will enter it. Made and destroyed on any
  // thread.
  class InsideSdk {
   public:
    InsideSdk();
    ~InsideSdk();
    InsideSdk(const InsideSdk&) = delete;
    InsideSdk& operator=(const InsideSdk&) = delete;
  };
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_EXIT_GUARD_H_
