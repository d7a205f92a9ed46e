// The cryptographic operations of the protocol, on OpenSSL. A false or empty result means that
// OpenSSL failed or that the data is not authentic. The reason stays in the thread's error queue,
// which OpenSslUse restores at the end of each public function.
#ifndef WEWORK_SPEC_SANDBOX_CRYPTO_H_
#define WEWORK_SPEC_SANDBOX_CRYPTO_H_

#include <openssl/crypto.h>
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

// Overwrites a secret when it goes out of scope.
template <typename Bytes>
class ScopedWipe {
 public:
  explicit ScopedWipe(Bytes* bytes) : bytes_(bytes) {}
  ~ScopedWipe() { OPENSSL_cleanse(bytes_->data(), bytes_->size()); }
  ScopedWipe(const ScopedWipe&) = delete;
  ScopedWipe& operator=(const ScopedWipe&) = delete;

 private:
  Bytes* const bytes_;
};

// HMAC-SHA256 with one key. Owns a context with the key that Compute duplicates, which is faster
// than setting the key each time. Compute may run on several threads at once.
class Hmac {
 public:
  bool SetKey(const Bytes32& key);
  bool Compute(std::string_view data, Bytes32* mac) const;

 private:
  Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> keyed_;
};

bool Hkdf(const Bytes32& key, std::string_view salt, std::string_view info, Bytes32* derived);

bool Sha256(std::string_view data, Bytes32* digest);

// AES-256-GCM. Returns IV, ciphertext and tag. `context` is authenticated additional data.
std::optional<std::string> Encrypt(const Bytes32& key, std::string_view context,
                                   std::string_view plaintext);

// Decrypts the result of Encrypt in place; the plaintext is a view into `sealed`.
std::optional<std::string_view> Decrypt(const Bytes32& key, std::string_view context,
                                        std::string* sealed);

std::string ToHex(const unsigned char* data, size_t size);

// `size` random bytes as hexadecimal digits; empty if OpenSSL fails.
std::string RandomHex(size_t size);

// Compares in constant time.
bool SecretsEqual(const Bytes32& left, const Bytes32& right);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_CRYPTO_H_
