// The parsed settings (docs/sandbox-protocol.md, section 9).
#ifndef WEWORK_SPEC_SANDBOX_CONFIG_H_
#define WEWORK_SPEC_SANDBOX_CONFIG_H_

#include <chrono>
#include <memory>
#include <string>

#include "keys.h"
#include "sandbox_settings.h"

namespace wework_spec_sandbox {

struct Config {
  std::shared_ptr<const Keys> keys;  // null if not configured or malformed
  std::string host;                  // empty if not configured or malformed
  std::string port;
  std::chrono::seconds timeout{30};  // of one exchange with the platform
  std::chrono::seconds window{300};  // by which a timestamp may differ from the clock
};

struct LogConfig {
  int level = 2;
  std::string file;     // empty for standard output
  std::string collect;  // empty if records are not collected
  std::chrono::seconds utc_offset{0};
};

struct Settings {
  Config config;
  LogConfig log;
};

// The settings of the calling thread's innermost scope, or unconfigured ones. Never null. SDK
// objects keep them from construction on. The reference is valid until that scope ends.
const std::shared_ptr<const Settings>& CurrentSettings();

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_CONFIG_H_
