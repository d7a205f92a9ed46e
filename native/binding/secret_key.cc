#include "binding/secret_key.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/arguments.h"
#include "runtime/async_calls.h"
#include "runtime/environment.h"
#include "runtime/errors.h"
#include "runtime/strings.h"

namespace wework_spec {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;

// OpenSSL's error queue belongs to the thread and so to Node as well, whose own calls would take a
// left-over entry for a failure of theirs.
class OpenSslErrors {
 public:
  OpenSslErrors() { ERR_set_mark(); }
  ~OpenSslErrors() { ERR_pop_to_mark(); }
  OpenSslErrors(const OpenSslErrors&) = delete;
  OpenSslErrors& operator=(const OpenSslErrors&) = delete;

  std::string Last() const {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason == nullptr ? "no reason given" : reason;
  }
};

// Overwrites a string with secret content when it goes out of scope.
class Wiped {
 public:
  explicit Wiped(std::string* text) : text_(text) {}
  ~Wiped() { OPENSSL_cleanse(text_->data(), text_->size()); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;

 private:
  std::string* const text_;
};

// Without a callback OpenSSL would ask for the pass phrase of an encrypted key on the terminal and
// wait.
int NoPassPhrase(char*, int, int, void*) { return -1; }

Key ReadPrivateKey(const std::string& pem, const OpenSslErrors& errors) {
  const Bio source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(source ? PEM_read_bio_PrivateKey(source.get(), nullptr, NoPassPhrase, nullptr) : nullptr);
  if (!key) throw CodedError("ERR_SPEC_PRIVATE_KEY", "privateKeyPem", errors.Last());
  if (!EVP_PKEY_is_a(key.get(), "RSA")) {
    throw CodedError("ERR_SPEC_PRIVATE_KEY", "privateKeyPem", "not an RSA key");
  }
  return key;
}

std::string Decrypt(const std::string& ciphertext, EVP_PKEY* key, const OpenSslErrors& errors) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_decrypt_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) <= 0) {
    throw CodedError("ERR_SPEC_SECRET_KEY", "encrypted", errors.Last());
  }
  // Newer OpenSSL answers a wrong key with random bytes instead of an error, to give a remote
  // prober nothing to learn. Nobody can probe here, the ciphertext came over the platform's own
  // channel, and a wrong key version has to be told from a right one. OpenSSL 3.0 does not know the
  // setting and reports the error anyway.
  EVP_PKEY_CTX_ctrl_str(context.get(), "rsa_pkcs1_implicit_rejection", "0");

  const auto* input = reinterpret_cast<const unsigned char*>(ciphertext.data());
  std::string plain(static_cast<size_t>(EVP_PKEY_get_size(key)), '\0');
  size_t length = plain.size();
  if (EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &length,
                       input, ciphertext.size()) <= 0) {
    throw CodedError("ERR_SPEC_SECRET_KEY", "encrypted", errors.Last());
  }
  plain.resize(length);
  return plain;
}

// Owns the ciphertexts, the private key's text and the opened keys, and wipes what is secret when
// it goes, on whichever thread that is.
class DecryptSecretKeysCall : public AsyncCall {
 public:
  DecryptSecretKeysCall(std::vector<std::string> ciphertexts, std::string pem)
      : ciphertexts_(std::move(ciphertexts)), pem_(std::move(pem)) {}

  ~DecryptSecretKeysCall() override {
    const Wiped wiped_pem(&pem_);
    for (auto& outcome : outcomes_) {
      if (auto* secret_key = std::get_if<std::string>(&outcome)) const Wiped wiped(secret_key);
    }
  }

  void Run() override {
    const OpenSslErrors errors;
    const Key key = ReadPrivateKey(pem_, errors);
    outcomes_.reserve(ciphertexts_.size());
    for (const std::string& ciphertext : ciphertexts_) {
      try {
        outcomes_.emplace_back(Decrypt(ciphertext, key.get(), OpenSslErrors()));
      } catch (const CodedError& error) {
        outcomes_.emplace_back(error);
      }
    }
  }

  Napi::Value Result(Napi::Env env) override {
    auto list = Napi::Array::New(env, outcomes_.size());
    for (uint32_t i = 0; i < outcomes_.size(); ++i) {
      const Napi::HandleScope scope(env);
      const auto* secret_key = std::get_if<std::string>(&outcomes_[i]);
      list.Set(i, secret_key != nullptr
                      ? Utf8ToJavaScript(env, *secret_key)
                      : ToJavaScript(env, std::get<CodedError>(outcomes_[i])).Value());
    }
    return list;
  }

 private:
  const std::vector<std::string> ciphertexts_;
  std::string pem_;
  std::vector<std::variant<std::string, CodedError>> outcomes_;
};

}  // namespace

Napi::Value DecryptSecretKeys(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    std::vector<std::string> ciphertexts = arguments.BytesList(0, "encrypted");
    std::string pem = arguments.Name(1, "privateKeyPem");
    const Wiped wiped_pem(&pem);
    auto call = std::make_shared<DecryptSecretKeysCall>(std::move(ciphertexts), pem);
    const uint32_t id = Environment::Of(info.Env()).calls().Start(info.Env(), std::move(call));
    return Napi::Number::New(info.Env(), id);
  });
}

Napi::Value DecryptSecretKey(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    const OpenSslErrors errors;
    const std::string ciphertext = arguments.Bytes(0, "encrypted");
    std::string pem = arguments.Name(1, "privateKeyPem");
    const Wiped wiped_pem(&pem);
    const Key key = ReadPrivateKey(pem, errors);
    std::string secret_key = Decrypt(ciphertext, key.get(), errors);
    const Wiped wiped_secret_key(&secret_key);
    return Utf8ToJavaScript(info.Env(), secret_key);
  });
}

}  // namespace wework_spec
