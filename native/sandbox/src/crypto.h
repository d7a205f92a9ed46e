// The few operations that the protocol needs of OpenSSL. A false or empty result means that OpenSSL
// failed or that the data is not authentic; the reason stays in the thread's error queue, which the
// public functions leave as they found it by way of OpenSslUse.
#ifndef WEWORK_SPEC_SANDBOX_CRYPTO_H_
#define WEWORK_SPEC_SANDBOX_CRYPTO_H_

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wework_spec_sandbox {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <typename T, auto Free>
using Handle = std::unique_ptr<T, Freer<Free>>;

using Bytes32 = std::array<unsigned char, 32>;

// HMAC-SHA256 under one key. Owns an initialized context that each use duplicates, which costs less
// than setting the key again; Compute may run on several threads.
class Hmac {
 public:
  bool SetKey(const Bytes32& key);
  bool Compute(std::string_view data, Bytes32* mac) const;

 private:
  Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> keyed_;
};

bool Hkdf(const Bytes32& key, std::string_view salt, std::string_view info, Bytes32* derived);

bool Sha256(std::string_view data, Bytes32* digest);

// AES-256-GCM: returns IV, ciphertext and tag.
std::optional<std::string> Encrypt(const Bytes32& key, std::string_view context,
                                   std::string_view plaintext);

// Decrypts in place; the result points into `sealed`.
std::optional<std::string_view> Decrypt(const Bytes32& key, std::string_view context,
                                        std::string* sealed);

std::string ToHex(const unsigned char* data, size_t size);

// `size` random bytes in hexadecimal digits; empty when OpenSSL has none.
std::string RandomHex(size_t size);

bool SecretsEqual(const Bytes32& left, const Bytes32& right);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_CRYPTO_H_
