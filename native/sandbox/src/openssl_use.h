// Guards around everything that runs inside OpenSSL.
#ifndef WEWORK_SPEC_SANDBOX_OPENSSL_USE_H_
#define WEWORK_SPEC_SANDBOX_OPENSSL_USE_H_

namespace wework_spec_sandbox {

// Stands at the top of each public function that works with OpenSSL; not nested.
//
// It removes what was put into the thread's error queue meanwhile: the host may share our OpenSSL
// (node does) and would take a left-over for the outcome of its own next call.
//
// It also keeps process exit from pulling OpenSSL away under a thread of the host: exit() runs
// OPENSSL_cleanup while other threads go on. Before that, a handler of ours waits until no thread
// is inside; whoever comes later stays outside for ever. Seen without it: SIGSEGV at exit in Node
// 20 to 26 with calls in flight.
class OpenSslUse {
 public:
  OpenSslUse();
  ~OpenSslUse();
  OpenSslUse(const OpenSslUse&) = delete;
  OpenSslUse& operator=(const OpenSslUse&) = delete;
};

// Steps out for a wait, so that exit need not wait too. Only under an OpenSslUse.
class OpenSslPause {
 public:
  OpenSslPause();
  ~OpenSslPause();
  OpenSslPause(const OpenSslPause&) = delete;
  OpenSslPause& operator=(const OpenSslPause&) = delete;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_OPENSSL_USE_H_
