// The settings of the sandbox SDK (docs/sandbox-protocol.md, section 9), which its host hands over.
//
// The library never reads the environment itself. getenv on one thread crashes when another thread
// adds a variable (glibc before 2.41), and Node.js writes process.env under a lock that it does not
// share. Besides, each Worker has an environment of its own, which no C function can see.
//
// Nothing here is part of the vendor's interface: only libWeWorkSpecSandbox.so exports it, and the
// vendor addon is compiled without it.
#ifndef WEWORK_SPEC_SANDBOX_SANDBOX_SETTINGS_H_
#define WEWORK_SPEC_SANDBOX_SANDBOX_SETTINGS_H_

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "cpp_sdk.h"

namespace wework_spec_sandbox {

// Immutable, so any number of threads may use it. Owned jointly by the host, by scopes and by the
// SDK objects that were created in them.
struct Settings;

// Any thread. `variables` are environment variables by name; others than those of the sandbox are
// ignored. `utc_offset` is the difference of local time to UTC, for the timestamps of log records:
// the C library would read TZ from the environment.
WEWORK_SPEC_SANDBOX_API std::shared_ptr<const Settings> ParseSettings(
    const std::map<std::string, std::string>& variables, std::chrono::seconds utc_offset);

// While it exists, the SDK uses these settings on the thread that has created it. Scopes of one
// thread end in reverse order. Without a scope nothing is configured, and log records go to
// standard output. SDK objects keep the settings with which they were created, so the functions
// that use such an object may be called outside of the scope; log records may not.
class WEWORK_SPEC_SANDBOX_API SettingsScope {
 public:
  explicit SettingsScope(std::shared_ptr<const Settings> settings);
  ~SettingsScope();
  SettingsScope(const SettingsScope&) = delete;
  SettingsScope& operator=(const SettingsScope&) = delete;

 private:
  const std::shared_ptr<const Settings> settings_;
  const std::shared_ptr<const Settings>* const before_;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_SANDBOX_SETTINGS_H_
