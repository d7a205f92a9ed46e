#ifndef WEWORK_SPEC_SANDBOX_TLS_H_
#define WEWORK_SPEC_SANDBOX_TLS_H_

#include <openssl/ssl.h>

#include <string>

#include "crypto.h"

namespace wework_spec_sandbox {

// A client context that reaches only servers which hold the pre-shared key (section 8 of the
// protocol). The caller owns it and may use it on several threads; null when OpenSSL fails.
SSL_CTX* NewPskContext(std::string identity, const Bytes32& psk);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_TLS_H_
