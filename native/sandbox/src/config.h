// The program's environment (docs/sandbox-protocol.md, section 9). Only config.cc calls getenv.
#ifndef WEWORK_SPEC_SANDBOX_CONFIG_H_
#define WEWORK_SPEC_SANDBOX_CONFIG_H_

#include <chrono>
#include <memory>
#include <string>

#include "keys.h"

namespace wework_spec_sandbox {

struct Config {
  std::shared_ptr<const Keys> keys;  // null: not configured, or malformed
  std::string host;                  // empty: no platform, or malformed
  std::string port;
  std::chrono::seconds timeout;
  std::chrono::seconds window;
};

// Reads the environment on the calling thread. Whoever works on other threads keeps the result:
// getenv there would race with a setenv of the host.
Config ReadConfig();

struct LogConfig {
  int level;
  const char* file;     // null: standard output; valid until the environment changes
  const char* collect;  // null: nobody collects; the same
};

LogConfig ReadLogConfig();

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_CONFIG_H_
