#ifndef WEWORK_SPEC_SANDBOX_TLS_H_
#define WEWORK_SPEC_SANDBOX_TLS_H_

#include <openssl/ssl.h>

#include <string>

#include "crypto.h"

namespace wework_spec_sandbox {

// A client context that accepts only servers with the pre-shared key (docs/sandbox-protocol.md,
// section 8). The caller owns it and may use it on several threads at once. Null if OpenSSL fails.
SSL_CTX* NewPskContext(std::string identity, const Bytes32& psk);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_TLS_H_
