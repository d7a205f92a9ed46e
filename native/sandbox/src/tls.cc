#include "tls.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace wework_spec_sandbox {
namespace {

struct Psk {
  ~Psk() { OPENSSL_cleanse(key.data(), key.size()); }

  std::string identity;
  Bytes32 key;
};

// The index under which a context owns its Psk. The context outlives its connections.
int PskIndex() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* psk, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Psk*>(psk); });
  return index;
}

// The callback that provides the key. TLS 1.3 uses it as well and assumes SHA-256 for the key.
unsigned int ProvidePsk(SSL* ssl, const char*, char* identity, unsigned int identity_size,
                        unsigned char* key, unsigned int key_size) {
  const Psk* const psk =
      static_cast<const Psk*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), PskIndex()));
  if (psk == nullptr || psk->identity.size() >= identity_size || psk->key.size() > key_size) {
    return 0;
  }
  std::copy_n(psk->identity.c_str(), psk->identity.size() + 1, identity);
  std::copy(psk->key.begin(), psk->key.end(), key);
  return static_cast<unsigned int>(psk->key.size());
}

}  // namespace

SSL_CTX* NewPskContext(std::string identity, const Bytes32& psk) {
  Handle<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_client_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) <= 0 ||
      SSL_CTX_set_cipher_list(context.get(), "ECDHE-PSK-CHACHA20-POLY1305") <= 0 ||
      SSL_CTX_set_ciphersuites(context.get(), "TLS_AES_128_GCM_SHA256") <= 0) {
    return nullptr;
  }
  // In TLS 1.3 a server may ignore the key and present a certificate. No certificate is trusted
  // here, so verification refuses such a server.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_psk_client_callback(context.get(), ProvidePsk);

  std::unique_ptr<Psk> secret(new Psk{std::move(identity), psk});
  if (SSL_CTX_set_ex_data(context.get(), PskIndex(), secret.get()) <= 0) return nullptr;
  secret.release();
  return context.release();
}

}  // namespace wework_spec_sandbox
