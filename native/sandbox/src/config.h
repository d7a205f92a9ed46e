// The settings from environment variables (docs/sandbox-protocol.md, section 9). Only config.cc
// calls getenv.
#ifndef WEWORK_SPEC_SANDBOX_CONFIG_H_
#define WEWORK_SPEC_SANDBOX_CONFIG_H_

#include <chrono>
#include <memory>
#include <string>

#include "keys.h"

namespace wework_spec_sandbox {

struct Config {
  std::shared_ptr<const Keys> keys;  // null if not configured or malformed
  std::string host;                  // empty if not configured or malformed
  std::string port;
  std::chrono::seconds timeout;  // of one exchange with the platform
  std::chrono::seconds window;   // by which a timestamp may differ from the clock
};

// Reads the environment. SDK objects call it when they are constructed and keep the result, because
// getenv on the thread of a later call would race with a setenv of the host.
Config ReadConfig();

struct LogConfig {
  int level;
  const char* file;     // null for standard output; valid until the environment changes
  const char* collect;  // null if records are not collected; valid as long as `file`
};

LogConfig ReadLogConfig();

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_CONFIG_H_
