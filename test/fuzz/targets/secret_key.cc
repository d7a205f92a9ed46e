// An encrypted secret key, opened with the smallest RSA key that OpenSSL makes: bytes as they are,
// or encrypted before.
#include "binding/secret_key.cc"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "support.h"

namespace {

EVP_PKEY* TestKey() {
  static EVP_PKEY* const key = EVP_RSA_gen(512);
  return key;
}

std::string Encrypted(const std::string& text) {
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(TestKey(), nullptr);
  EVP_PKEY_encrypt_init(context);
  EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
  std::string encrypted(64, '\0');
  size_t size = encrypted.size();
  EVP_PKEY_encrypt(context, reinterpret_cast<unsigned char*>(encrypted.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_PKEY_CTX_free(context);
  return encrypted;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const bool encrypts = input.ConsumeBool();
  const std::string text = input.ConsumeRemainingBytesAsString();
  // PKCS#1 v1.5 takes 11 bytes of the key's 64.
  const bool fits = text.size() <= 53;
  const wework_spec::OpenSslErrorScope errors;
  try {
    const std::string opened =
        wework_spec::Decrypt(encrypts && fits ? Encrypted(text) : text, TestKey(), errors);
    fuzz::Require(!encrypts || !fits || opened == text, "the secret key survives");
    fuzz::Require(opened.size() <= 53, "a secret key is shorter than the RSA key");
  } catch (const wework_spec::CodedError& error) {
    fuzz::Require(error.code() == std::string("ERR_SPEC_SECRET_KEY"), "the code is ours");
    fuzz::Require(!encrypts || !fits, "what was encrypted opens");
  }
  return 0;
}
