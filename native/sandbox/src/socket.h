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

// A TCP connection with a deadline. Owns the descriptor. Used by one thread, under an OpenSslUse
// that it suspends while it waits.
//
// Replaces OpenSSL's own socket BIOs: a blocking one has no timeout; a non-blocking one is polled
// every 100 ms with limits in whole seconds, fails for descriptors above 1023, and raises SIGPIPE.
class Socket {
 public:
  explicit Socket(Deadline deadline) : deadline_(deadline) {}
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool Connect(const std::string& host, const std::string& port);

  // Like recv and send, but return -1 at the deadline and on every error.
  ssize_t Read(char* data, size_t size);
  ssize_t Write(const char* data, size_t size);

  // A BIO for this socket, which must outlive it. Null if OpenSSL fails.
  Handle<BIO, BIO_free> NewBio();

 private:
  bool Wait(short events) const;

  const Deadline deadline_;
  int fd_ = -1;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_SOCKET_H_
