#include "binding/secret_key.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "binding/openssl.h"
#include "runtime/arguments.h"
#include "runtime/async_calls.h"
#include "runtime/environment.h"
#include "runtime/errors.h"
#include "runtime/guarded.h"
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

// Restores the thread's OpenSSL error queue when it goes out of scope. Node uses the same queue,
// and a leftover entry would look like a failure of its own next call.
class OpenSslErrorScope {
 public:
  OpenSslErrorScope() { ERR_set_mark(); }
  ~OpenSslErrorScope() { ERR_pop_to_mark(); }
  OpenSslErrorScope(const OpenSslErrorScope&) = delete;
  OpenSslErrorScope& operator=(const OpenSslErrorScope&) = delete;

  std::string Last() const {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    return reason == nullptr ? "no reason given" : reason;
  }
};

// Overwrites a string that holds a secret when it goes out of scope.
class ScopedWipe {
 public:
  explicit ScopedWipe(std::string* text) : text_(text) {}
  // The whole buffer: more may have been written than the length says.
  ~ScopedWipe() {
    text_->resize(text_->capacity());
    OPENSSL_cleanse(text_->data(), text_->size());
  }
  ScopedWipe(const ScopedWipe&) = delete;
  ScopedWipe& operator=(const ScopedWipe&) = delete;

 private:
  std::string* const text_;
};

// Fails for an encrypted key. Without a callback, OpenSSL would ask for the pass phrase on the
// terminal and wait.
int NoPassPhrase(char*, int, int, void*) { return -1; }

Key ReadPrivateKey(const std::string& pem, const OpenSslErrorScope& errors) {
  const Bio source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(source ? PEM_read_bio_PrivateKey(source.get(), nullptr, NoPassPhrase, nullptr) : nullptr);
  if (!key) throw CodedError("ERR_SPEC_PRIVATE_KEY", "privateKeyPem", errors.Last());
  if (!EVP_PKEY_is_a(key.get(), "RSA")) {
    throw CodedError("ERR_SPEC_PRIVATE_KEY", "privateKeyPem", "not an RSA key");
  }
  return key;
}

// Made by V8 from the bytes: a conversion of our own would leave copies.
Napi::String SecretToJavaScript(Napi::Env env, const std::string& secret) {
  return Napi::String::New(env, secret.data(), secret.size());
}

std::string Decrypt(const std::string& ciphertext, EVP_PKEY* key, const OpenSslErrorScope& errors) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_decrypt_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), kRsaPkcs1Padding) <= 0) {
    throw CodedError("ERR_SPEC_SECRET_KEY", "encrypted", errors.Last());
  }
  // With a wrong key, OpenSSL 3.2 and later return random bytes instead of an error, as a defence
  // against padding oracles (implicit rejection). That attack does not apply to ciphertexts from
  // the platform, and a wrong key version must be detected. OpenSSL 3.0 does not know the setting
  // and reports the error anyway.
  EVP_PKEY_CTX_ctrl_str(context.get(), "rsa_pkcs1_implicit_rejection", "0");

  const auto* input = reinterpret_cast<const unsigned char*>(ciphertext.data());
  std::string plain(static_cast<size_t>(EVP_PKEY_get_size(key)), '\0');
  size_t length = plain.size();
  if (EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &length,
                       input, ciphertext.size()) <= 0) {
    const ScopedWipe wipe(&plain);
    throw CodedError("ERR_SPEC_SECRET_KEY", "encrypted", errors.Last());
  }
  plain.resize(length);
  return plain;
}

// Owns the ciphertexts, the private key's PEM text and the decrypted keys. The destructor wipes the
// secrets, on whichever thread it runs.
class DecryptSecretKeysCall : public AsyncCall {
 public:
  DecryptSecretKeysCall(std::vector<std::string> ciphertexts, std::string pem)
      : ciphertexts_(std::move(ciphertexts)), pem_(std::move(pem)) {}

  ~DecryptSecretKeysCall() override {
    const ScopedWipe wipe_pem(&pem_);
    for (auto& outcome : outcomes_) {
      if (auto* secret_key = std::get_if<std::string>(&outcome)) const ScopedWipe wipe(secret_key);
    }
  }

  void Run() override {
    const OpenSslErrorScope errors;
    const Key key = ReadPrivateKey(pem_, errors);
    outcomes_.reserve(ciphertexts_.size());
    for (const std::string& ciphertext : ciphertexts_) {
      try {
        outcomes_.emplace_back(Decrypt(ciphertext, key.get(), OpenSslErrorScope()));
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
                      ? SecretToJavaScript(env, *secret_key)
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
    const ScopedWipe wipe_pem(&pem);
    auto call = std::make_shared<DecryptSecretKeysCall>(std::move(ciphertexts), pem);
    return Environment::Of(info.Env()).calls().Start(info.Env(), std::move(call));
  });
}

Napi::Value DecryptSecretKey(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    const OpenSslErrorScope errors;
    const std::string ciphertext = arguments.Bytes(0, "encrypted");
    std::string pem = arguments.Name(1, "privateKeyPem");
    const ScopedWipe wipe_pem(&pem);
    const Key key = ReadPrivateKey(pem, errors);
    std::string secret_key = Decrypt(ciphertext, key.get(), errors);
    const ScopedWipe wipe_secret_key(&secret_key);
    return SecretToJavaScript(info.Env(), secret_key);
  });
}

}  // namespace wework_spec
