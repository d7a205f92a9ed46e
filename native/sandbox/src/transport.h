#ifndef WEWORK_SPEC_SANDBOX_TRANSPORT_H_
#define WEWORK_SPEC_SANDBOX_TRANSPORT_H_

#include <string>

#include "config.h"
#include "message.h"

namespace wework_spec_sandbox {

enum class Transport {
  kOk,
  kNetwork,   // no connection, TLS, time-out, cut
  kHttp,      // another status than 200, or another content type
  kInternal,  // OpenSSL failed
};

// Posts a message to the configured platform over a connection of its own, within the configured
// time, and reads the answer's body. Blocks; may run on several threads.
Transport Post(const Config& config, const char* path, const Message& message, std::string* answer);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_TRANSPORT_H_
