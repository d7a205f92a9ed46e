#include "socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

#include "decimal.h"
#include "openssl_use.h"

namespace wework_spec_sandbox {
namespace {

using std::chrono::milliseconds;

union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;

  socklen_t Size() const { return any.sa_family == AF_INET ? sizeof(v4) : sizeof(v6); }
};

// False if the host is no numeric address.
bool ParseAddress(const char* host, uint16_t port, Address* address) {
  *address = {};
  if (inet_pton(AF_INET, host, &address->v4.sin_addr) == 1) {
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons(port);
    return true;
  }
  if (inet_pton(AF_INET6, host, &address->v6.sin6_addr) != 1) return false;
  address->v6.sin6_family = AF_INET6;
  address->v6.sin6_port = htons(port);
  return true;
}

// The resolver reads variables of the environment (LOCALDOMAIN, RES_OPTIONS, HOSTALIASES), so the
// addresses of this machine do without it.
std::vector<Address> Resolve(const std::string& host, const std::string& port) {
  const auto number = static_cast<uint16_t>(ParseDecimal(port, 1, 65535).value_or(0));
  std::vector<Address> addresses;
  Address address;
  if (strcasecmp(host.c_str(), "localhost") == 0) {
    for (const char* const numeric : {"::1", "127.0.0.1"}) {
      if (ParseAddress(numeric, number, &address)) addresses.push_back(address);
    }
    return addresses;
  }
  if (ParseAddress(host.c_str(), number, &address)) return {address};

  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  {
    const OpenSslPause pause;
    if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return addresses;
  }
  const Handle<addrinfo, freeaddrinfo> owned(found);
  for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
    if (next->ai_addrlen > sizeof(address)) continue;
    address = {};
    std::memcpy(&address, next->ai_addr, next->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

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
  for (const Address& address : Resolve(host, port)) {
    if (fd_ >= 0) close(fd_);
    fd_ = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd_ < 0) continue;
    // A request is two small writes, header and body. Without TCP_NODELAY the second would wait for
    // the delayed acknowledgement of the first.
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd_, &address.any, address.Size()) == 0) return true;
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
