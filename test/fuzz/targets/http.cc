// The HTTP response of the platform. This file has its own socket, which delivers the input in
// pieces, and a connection without encryption instead of TLS: any peer that passed the TLS
// handshake could send these bytes.
#include <openssl/ssl.h>

#include <algorithm>

#include "socket.h"
#include "support.h"
#include "transport.h"

namespace {

std::string_view response;
size_t piece;
bool closes_tls;

SSL* NewSsl() {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  return SSL_new(context);
}

// ReadBody asks it whether the peer has closed TLS.
SSL* Ssl() {
  static SSL* const ssl = NewSsl();
  return ssl;
}

int ReadPlain(BIO* bio, char* data, int size) {
  const int read = BIO_read(BIO_next(bio), data, size);
  if (read <= 0 && closes_tls) SSL_set_shutdown(Ssl(), SSL_RECEIVED_SHUTDOWN);
  return read;
}

int WritePlain(BIO* bio, const char* data, int size) {
  return BIO_write(BIO_next(bio), data, size);
}

long ControlPlain(BIO*, int command, long, void* out) {
  if (command == BIO_C_GET_SSL) *static_cast<SSL**>(out) = Ssl();
  return 1;
}

BIO_METHOD* NewMethod(int type, int (*read)(BIO*, char*, int), int (*write)(BIO*, const char*, int),
                      long (*control)(BIO*, int, long, void*)) {
  BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | type, "fuzz");
  BIO_meth_set_read(method, read);
  BIO_meth_set_write(method, write);
  BIO_meth_set_ctrl(method, control);
  return method;
}

BIO* NewBioOf(const BIO_METHOD* method) {
  BIO* const bio = BIO_new(method);
  BIO_set_init(bio, 1);
  return bio;
}

int ReadInput(BIO*, char* data, int size) {
  const size_t count = std::min({response.size(), piece, static_cast<size_t>(size)});
  std::copy_n(response.data(), count, data);
  response.remove_prefix(count);
  return static_cast<int>(count);
}

int Discard(BIO*, const char*, int size) { return size; }

long ControlInput(BIO*, int, long, void*) { return 1; }

}  // namespace

extern "C" BIO* __wrap_BIO_new_ssl(SSL_CTX*, int) {
  static const BIO_METHOD* const method =
      NewMethod(BIO_TYPE_FILTER, ReadPlain, WritePlain, ControlPlain);
  return NewBioOf(method);
}

namespace wework_spec_sandbox {

Socket::~Socket() = default;
bool Socket::Connect(const std::string&, const std::string&) { return true; }
Handle<BIO, BIO_free> Socket::NewBio() {
  static const BIO_METHOD* const method =
      NewMethod(BIO_TYPE_SOURCE_SINK, ReadInput, Discard, ControlInput);
  return Handle<BIO, BIO_free>(NewBioOf(method));
}

}  // namespace wework_spec_sandbox

using namespace wework_spec_sandbox;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  closes_tls = data[0] % 2 == 0;
  piece = data[1] == 0 ? size : data[1];
  response = fuzz::TextOf(data + 2, size - 2);
  const std::string_view all = response;
  SSL_set_shutdown(Ssl(), 0);

  Config config;
  config.keys = fuzz::TestKeys();
  config.host = "localhost";
  config.port = "1";
  config.timeout = std::chrono::seconds(5);
  const Message message = {"1", "1", "nonce", "signature", "body"};
  std::string body;
  const Transport outcome = Post(config, "/spec/invoke", message, &body);
  if (outcome == Transport::kOk) {
    fuzz::Require(all.substr(8, 5) == " 200 ", "only status 200 is success");
    fuzz::Require(all.find(body) != std::string_view::npos, "the body is a part of the response");
  }
  return 0;
}
