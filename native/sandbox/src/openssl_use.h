// Guards for code that calls OpenSSL.
#ifndef WEWORK_SPEC_SANDBOX_OPENSSL_USE_H_
#define WEWORK_SPEC_SANDBOX_OPENSSL_USE_H_

namespace wework_spec_sandbox {

// Created at the start of each public function that uses OpenSSL; not nested.
//
// Restores the thread's error queue. The host may use the same OpenSSL, as node does, and a
// leftover entry would look like a failure of its own next call.
//
// Also makes process exit safe. exit() runs OPENSSL_cleanup while other threads are still running.
// An exit handler that runs before it waits until no thread uses OpenSSL, and threads that enter
// later block forever. Without it, Node 20 to 26 crashed with SIGSEGV at exit when calls were
// running.
class OpenSslUse {
 public:
  OpenSslUse();
  ~OpenSslUse();
  OpenSslUse(const OpenSslUse&) = delete;
  OpenSslUse& operator=(const OpenSslUse&) = delete;
};

// Suspends an OpenSslUse while the thread waits for the network, so that exit does not wait for it.
class OpenSslPause {
 public:
  OpenSslPause();
  ~OpenSslPause();
  OpenSslPause(const OpenSslPause&) = delete;
  OpenSslPause& operator=(const OpenSslPause&) = delete;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_OPENSSL_USE_H_
