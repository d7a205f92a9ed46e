#include "socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "openssl_use.h"

namespace wework_spec_sandbox {
namespace {

using std::chrono::milliseconds;

int ReadBio(BIO* bio, char* data, int size) {
  return static_cast<int>(
      static_cast<Socket*>(BIO_get_data(bio))->Read(data, static_cast<size_t>(size)));
}

int WriteBio(BIO* bio, const char* data, int size) {
  return static_cast<int>(
      static_cast<Socket*>(BIO_get_data(bio))->Write(data, static_cast<size_t>(size)));
}

long ControlBio(BIO*, int command, long, void*) {
  // OSSL_HTTP_open asks every BIO to connect (BIO_C_DO_STATE_MACHINE); this one is connected.
  return command == BIO_CTRL_FLUSH || command == BIO_C_DO_STATE_MACHINE ? 1 : 0;
}

const BIO_METHOD* NewMethod() {
  BIO_METHOD* const method =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket with a deadline");
  if (method == nullptr || BIO_meth_set_read(method, ReadBio) <= 0 ||
      BIO_meth_set_write(method, WriteBio) <= 0 || BIO_meth_set_ctrl(method, ControlBio) <= 0) {
    BIO_meth_free(method);
    return nullptr;
  }
  return method;
}

}  // namespace

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

bool Socket::Connect(const std::string& host, const std::string& port) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  {
    const OpenSslPause pause;
    if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return false;
  }
  const Handle<addrinfo, freeaddrinfo> addresses(found);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    if (fd_ >= 0) close(fd_);
    fd_ = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                 address->ai_protocol);
    if (fd_ < 0) continue;
    // A request is two small writes, header and body. Without TCP_NODELAY the second would wait for
    // the delayed acknowledgement of the first.
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd_, address->ai_addr, address->ai_addrlen) == 0) return true;
    if (errno != EINPROGRESS || !Wait(POLLOUT)) continue;
    int error = 0;
    socklen_t size = sizeof(error);
    if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0) return true;
  }
  return false;
}

bool Socket::Wait(short events) const {
  const OpenSslPause pause;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting = {fd_, events, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

ssize_t Socket::Read(char* data, size_t size) {
  for (;;) {
    const ssize_t result = recv(fd_, data, size, 0);
    if (result >= 0) return result;
    if (errno == EINTR) continue;
    if (errno != EAGAIN || !Wait(POLLIN)) return -1;
  }
}

ssize_t Socket::Write(const char* data, size_t size) {
  for (;;) {
    const ssize_t result = send(fd_, data, size, MSG_NOSIGNAL);
    if (result >= 0) return result;
    if (errno == EINTR) continue;
    if (errno != EAGAIN || !Wait(POLLOUT)) return -1;
  }
}

Handle<BIO, BIO_free> Socket::NewBio() {
  // Created once, because OpenSSL has only 127 BIO types, and never freed.
  static const BIO_METHOD* const method = NewMethod();
  if (method == nullptr) return nullptr;
  Handle<BIO, BIO_free> bio(BIO_new(method));
  if (bio) {
    BIO_set_data(bio.get(), this);
    BIO_set_init(bio.get(), 1);
  }
  return bio;
}

}  // namespace wework_spec_sandbox
