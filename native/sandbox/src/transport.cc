#include "transport.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/httperr.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <string_view>
#include <utility>

#include "crypto.h"
#include "socket.h"

namespace wework_spec_sandbox {
namespace {

constexpr size_t kMaxResponse = size_t{256} << 20;
constexpr size_t kBufferSize = size_t{16} << 10;  // a TLS record
constexpr char kContentType[] = "text/plain";

// The state of one exchange that OpenSSL's callbacks use.
struct Exchange {
  SSL_CTX* const tls;
  // The first characters of the response, at most as many as kStatusLine has. Few enough for the
  // string's internal buffer, so appending does not allocate and cannot throw through OpenSSL.
  std::string status_line;
};

// OpenSSL's HTTP client does not report the status: version 3.0 fails from 400 on, and version 3.5
// returns the body as for any other status. So a BIO callback reads the status line.
constexpr std::string_view kStatusLine = "HTTP/1.x 200 ";
constexpr size_t kStatusAt = 8;

long KeepStatusLine(BIO* bio, int operation, const char* data, size_t, int, long, int result,
                    size_t* size) {
  if (operation == (BIO_CB_READ | BIO_CB_RETURN) && result > 0) {
    std::string& line = reinterpret_cast<Exchange*>(BIO_get_callback_arg(bio))->status_line;
    line.append(data, std::min(*size, kStatusLine.size() - line.size()));
  }
  return result;
}

bool HasStatus(const Exchange& exchange) {
  return exchange.status_line.size() == kStatusLine.size();
}

bool IsStatus200(const Exchange& exchange) {
  return HasStatus(exchange) &&
         exchange.status_line.substr(kStatusAt) == kStatusLine.substr(kStatusAt);
}

// Called by OpenSSL's HTTP client with the socket's BIO when it connects, and with the BIO that was
// returned then when it disconnects.
BIO* WrapInTls(BIO* bio, void* exchange, int connect, int) {
  if (connect == 0) {
    BIO_ssl_shutdown(bio);
    BIO* const socket = BIO_pop(bio);
    BIO_free(bio);
    return socket;
  }
  BIO* const tls = BIO_new_ssl(static_cast<Exchange*>(exchange)->tls, 1);
  if (tls == nullptr) return nullptr;
  BIO_push(tls, bio);
  // The handshake clears the thread's error queue; FailureOf relies on that.
  if (BIO_do_handshake(tls) > 0) {
    BIO_set_callback_arg(tls, static_cast<char*>(exchange));
    BIO_set_callback_ex(tls, KeepStatusLine);
    return tls;
  }
  BIO_pop(tls);
  BIO_free(tls);
  return nullptr;
}

void CloseHttp(OSSL_HTTP_REQ_CTX* http) { OSSL_HTTP_close(http, 1); }

using Http = Handle<OSSL_HTTP_REQ_CTX, CloseHttp>;

void FreeHeaders(STACK_OF(CONF_VALUE) * headers) {
  sk_CONF_VALUE_pop_free(headers, X509V3_conf_free);
}

bool SetRequest(OSSL_HTTP_REQ_CTX* http, const char* path, const Message& message) {
  const std::pair<const char*, const std::string&> parts[] = {
      {kVersionHeader, message.key_version},
      {kTimestampHeader, message.timestamp},
      {kNonceHeader, message.nonce},
      {kSignatureHeader, message.signature}};
  STACK_OF(CONF_VALUE)* headers = nullptr;
  bool added = true;
  for (const auto& [name, value] : parts) {
    added = added && X509V3_add_value(name, value.c_str(), &headers) > 0;
  }
  const Handle<STACK_OF(CONF_VALUE), FreeHeaders> owned_headers(headers);
  const Handle<BIO, BIO_free> body(
      BIO_new_mem_buf(message.body.data(), static_cast<int>(message.body.size())));
  return added && body &&
         OSSL_HTTP_set1_request(http, path, headers, kContentType, body.get(), kContentType,
                                /*expect_asn1=*/0, kMaxResponse, /*timeout=*/0,
                                /*keep_alive=*/0) > 0;
}

// The cause when OpenSSL returned no body. The error queue has only entries since the handshake.
Transport FailureOf(const Exchange& exchange) {
  if (HasStatus(exchange) && !IsStatus200(exchange)) return Transport::kHttp;
  while (const unsigned long error = ERR_get_error()) {
    if (ERR_GET_LIB(error) != ERR_LIB_HTTP) continue;
    const int reason = ERR_GET_REASON(error);
    if (reason == HTTP_R_UNEXPECTED_CONTENT_TYPE || reason == HTTP_R_MISSING_CONTENT_TYPE) {
      return Transport::kHttp;
    }
  }
  return Transport::kNetwork;
}

// Reads a body up to its Content-Length, or without one until the other side closes TLS. False if
// it was truncated: anybody can close a TCP connection, so its end proves nothing.
bool ReadBody(OSSL_HTTP_REQ_CTX* http, BIO* stream, std::string* body) {
  const size_t expected = OSSL_HTTP_REQ_CTX_get_resp_len(http);
  const size_t max_size = expected != 0 ? expected : kMaxResponse;
  body->clear();
  // Grows with the bytes received and not with the announced length, which may be false.
  size_t size = 0;
  while (size < max_size) {
    if (size == body->size()) body->resize(std::min(max_size, 2 * size + kBufferSize));
    const int room = static_cast<int>(body->size() - size);  // at most kMaxResponse
    const int read = BIO_read(stream, body->data() + size, room);
    if (read <= 0) break;
    size += static_cast<size_t>(read);
  }
  body->resize(size);
  if (expected != 0) return size == expected;
  SSL* ssl = nullptr;
  BIO_get_ssl(stream, &ssl);
  return size < kMaxResponse && (SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}

}  // namespace

Transport Post(const Config& config, const char* path, const Message& message, std::string* body) {
  if (message.body.size() > INT_MAX) return Transport::kInternal;  // the limit of a memory BIO
  Socket socket(std::chrono::steady_clock::now() + config.timeout);
  if (!socket.Connect(config.host, config.port)) return Transport::kNetwork;
  const Handle<BIO, BIO_free> bio = socket.NewBio();
  if (!bio) return Transport::kInternal;

  const bool is_v6 = config.host.find(':') != std::string::npos;
  const std::string host = (is_v6 ? "[" + config.host + "]" : config.host) + ":" + config.port;
  Exchange exchange = {config.keys->tls(), ""};
  // With a given BIO, OpenSSL neither connects nor reads proxies from the environment, and uses the
  // name only for the Host header. The socket enforces the timeout.
  const Http http(OSSL_HTTP_open(host.c_str(), nullptr, nullptr, nullptr, /*use_ssl=*/1, bio.get(),
                                 nullptr, WrapInTls, &exchange, kBufferSize,
                                 /*overall_timeout=*/0));
  if (!http) return Transport::kNetwork;
  if (!SetRequest(http.get(), path, message)) return Transport::kInternal;
  const Handle<BIO, BIO_free> stream(OSSL_HTTP_exchange(http.get(), nullptr));
  if (!stream) return FailureOf(exchange);
  if (!IsStatus200(exchange)) return Transport::kHttp;
  return ReadBody(http.get(), stream.get(), body) ? Transport::kOk : Transport::kNetwork;
}

}  // namespace wework_spec_sandbox
