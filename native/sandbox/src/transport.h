#ifndef WEWORK_SPEC_SANDBOX_TRANSPORT_H_
#define WEWORK_SPEC_SANDBOX_TRANSPORT_H_

#include <string>

#include "config.h"
#include "message.h"

namespace wework_spec_sandbox {

enum class Transport {
  kOk,
  kNetwork,   // connection, TLS, timeout, or a truncated response
  kHttp,      // a status other than 200, or an unexpected content type
  kInternal,  // OpenSSL failed
};

// Posts a message to the configured platform over a new connection, within the configured timeout,
// and reads the body of the response. Blocks. May run on several threads at once.
Transport Post(const Config& config, const char* path, const Message& message, std::string* body);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_TRANSPORT_H_
