// Opening the secret key of a message.
#ifndef WEWORK_SPEC_BINDING_SECRET_KEY_H_
#define WEWORK_SPEC_BINDING_SECRET_KEY_H_

#include <napi.h>

namespace wework_spec {

// (ciphertext, privateKeyPem): RSA decryption with PKCS#1 v1.5 padding. Here and not in JavaScript,
// because node:crypto refuses that padding for private keys on Node.js 20 to 22 (CVE-2023-46809).
Napi::Value DecryptSecretKey(const Napi::CallbackInfo& info);

// (ciphertexts, privateKeyPem): the same for many, on a pool thread, since each takes about a
// millisecond. What cannot be opened does not keep the others from it.
Napi::Value DecryptSecretKeys(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SECRET_KEY_H_
