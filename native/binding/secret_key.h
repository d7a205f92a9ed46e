// The native half of DecryptSecretKey: decrypts the secret keys of archived messages.
#ifndef WEWORK_SPEC_BINDING_SECRET_KEY_H_
#define WEWORK_SPEC_BINDING_SECRET_KEY_H_

#include <napi.h>

namespace wework_spec {

// (ciphertext, privateKeyPem): RSA decryption with PKCS#1 v1.5 padding, on the calling thread. It
// is native, because node:crypto refuses that padding for private keys on Node.js 20 to 22
// (CVE-2023-46809).
Napi::Value DecryptSecretKey(const Napi::CallbackInfo& info);

// (ciphertexts, privateKeyPem): the same for several ciphertexts, on a pool thread, because each
// takes about a millisecond. Returns the number of the call, whose result has the secret key or the
// error of each ciphertext.
Napi::Value DecryptSecretKeys(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SECRET_KEY_H_
