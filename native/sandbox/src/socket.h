#ifndef WEWORK_SPEC_SANDBOX_SOCKET_H_
#define WEWORK_SPEC_SANDBOX_SOCKET_H_

#include <openssl/bio.h>
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>

#include "crypto.h"

namespace wework_spec_sandbox {

using Deadline = std::chrono::steady_clock::time_point;

// A TCP connection that gives up at its deadline. Owns the descriptor; used by one thread,
// under an OpenSslUse from which it steps out to wait.
//
// OpenSSL's own socket BIOs know no such thing: a blocking one waits for ever, a non-blocking one
// is retried with naps of 100 ms and whole-second limits, fails with descriptors above 1023, and
// its writes raise SIGPIPE.
class Socket {
 public:
  explicit Socket(Deadline deadline) : deadline_(deadline) {}
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool Connect(const std::string& host, const std::string& port);

  // As recv and send, but wait until the deadline; -1 then, and on every error.
  ssize_t Read(char* data, size_t size);
  ssize_t Write(const char* data, size_t size);

  // A BIO over this socket, which must outlive it; null when OpenSSL fails.
  Handle<BIO, BIO_free> NewBio();

 private:
  bool Wait(short events) const;

  const Deadline deadline_;
  int fd_ = -1;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_SOCKET_H_
