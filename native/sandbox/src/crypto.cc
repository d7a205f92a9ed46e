#include "crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>

#include "bytes.h"

namespace wework_spec_sandbox {
namespace {

constexpr size_t kIvSize = 12;
constexpr size_t kTagSize = 16;

// Fetched once, because a fetch takes longer than hashing a small message. Never freed, because
// threads of the host may still use them while the process exits.
struct Algorithms {
  EVP_CIPHER* const aes = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_KDF* const hkdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
};

const Algorithms& Fetched() {
  static const Algorithms* const algorithms = new Algorithms;
  return *algorithms;
}

OSSL_PARAM DigestParam() {
  // The parameter type is not const, but OpenSSL only reads the string.
  static char name[] = "SHA256";
  return OSSL_PARAM_construct_utf8_string(OSSL_ALG_PARAM_DIGEST, name, 0);
}

OSSL_PARAM OctetParam(const char* name, const void* data, size_t size) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(data), size);
}

// In pieces, because EVP takes lengths as int. A null `out` adds authenticated data.
bool Update(EVP_CIPHER_CTX* cipher, unsigned char* out, std::string_view in) {
  constexpr size_t kMaxSize = size_t{1} << 30;
  while (!in.empty()) {
    const size_t size = std::min(in.size(), kMaxSize);
    int written = 0;
    if (EVP_CipherUpdate(cipher, out, &written, Data(in), static_cast<int>(size)) <= 0) {
      return false;
    }
    if (out != nullptr) out += written;
    in.remove_prefix(size);
  }
  return true;
}

}  // namespace

bool Hmac::SetKey(const Bytes32& key) {
  keyed_.reset(EVP_MAC_CTX_new(Fetched().hmac));
  const OSSL_PARAM params[] = {DigestParam(), OSSL_PARAM_construct_end()};
  return keyed_ && EVP_MAC_init(keyed_.get(), key.data(), key.size(), params) > 0;
}

bool Hmac::Compute(std::string_view data, Bytes32* mac) const {
  const Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> context(EVP_MAC_CTX_dup(keyed_.get()));
  size_t size = 0;
  return context && EVP_MAC_update(context.get(), Data(data), data.size()) > 0 &&
         EVP_MAC_final(context.get(), mac->data(), &size, mac->size()) > 0;
}

bool Hkdf(const Bytes32& key, std::string_view salt, std::string_view info, Bytes32* derived) {
  const Handle<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(Fetched().hkdf));
  const OSSL_PARAM params[] = {
      DigestParam(), OctetParam(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OctetParam(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      OctetParam(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
  return context && EVP_KDF_derive(context.get(), derived->data(), derived->size(), params) > 0;
}

bool Sha256(std::string_view data, Bytes32* digest) {
  return EVP_Digest(data.data(), data.size(), digest->data(), nullptr, Fetched().sha256, nullptr) >
         0;
}

std::optional<std::string> Encrypt(const Bytes32& key, std::string_view context,
                                   std::string_view plaintext) {
  std::string sealed(kIvSize + plaintext.size() + kTagSize, '\0');
  unsigned char* const iv = Data(&sealed);
  unsigned char* const ciphertext = iv + kIvSize;
  unsigned char* const tag = ciphertext + plaintext.size();
  const Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> cipher(EVP_CIPHER_CTX_new());
  int rest = 0;
  if (!cipher || RAND_bytes(iv, kIvSize) <= 0 ||
      EVP_CipherInit_ex2(cipher.get(), Fetched().aes, key.data(), iv, 1, nullptr) <= 0 ||
      !Update(cipher.get(), nullptr, context) || !Update(cipher.get(), ciphertext, plaintext) ||
      EVP_CipherFinal_ex(cipher.get(), tag, &rest) <= 0 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, tag) <= 0) {
    return std::nullopt;
  }
  return sealed;
}

std::optional<std::string_view> Decrypt(const Bytes32& key, std::string_view context,
                                        std::string* sealed) {
  if (sealed->size() < kIvSize + kTagSize) return std::nullopt;
  const size_t size = sealed->size() - kIvSize - kTagSize;
  unsigned char* const iv = Data(sealed);
  unsigned char* const text = iv + kIvSize;
  unsigned char* const tag = text + size;
  const std::string_view ciphertext(sealed->data() + kIvSize, size);
  const Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> cipher(EVP_CIPHER_CTX_new());
  int rest = 0;
  if (!cipher || EVP_CipherInit_ex2(cipher.get(), Fetched().aes, key.data(), iv, 0, nullptr) <= 0 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag) <= 0 ||
      !Update(cipher.get(), nullptr, context) || !Update(cipher.get(), text, ciphertext) ||
      EVP_CipherFinal_ex(cipher.get(), tag, &rest) <= 0) {
    return std::nullopt;
  }
  return ciphertext;
}

std::string ToHex(const unsigned char* data, size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(2 * size, '\0');
  for (size_t i = 0; i < size; ++i) {
    hex[2 * i] = kDigits[data[i] >> 4];
    hex[2 * i + 1] = kDigits[data[i] & 15];
  }
  return hex;
}

std::string RandomHex(size_t size) {
  std::string random(size, '\0');
  if (RAND_bytes(Data(&random), static_cast<int>(size)) <= 0) return {};
  return ToHex(Data(random), size);
}

bool SecretsEqual(const Bytes32& left, const Bytes32& right) {
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace wework_spec_sandbox
