#include "config.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "decimal.h"
#include "openssl_use.h"

namespace wework_spec_sandbox {
namespace {

using Variables = std::map<std::string, std::string>;

// The settings of the thread's innermost scope; null outside of all scopes.
thread_local const std::shared_ptr<const Settings>* current_settings = nullptr;

// Empty if the variable is unset, because shells and container files easily set empty ones, and if
// it contains a NUL, which no environment can.
std::string_view Variable(const Variables& variables, const char* name) {
  const auto found = variables.find(name);
  if (found == variables.end() || found->second.find('\0') != std::string::npos) return {};
  return found->second;
}

uint64_t NumberOr(uint64_t fallback, std::string_view text, uint64_t min, uint64_t max) {
  return ParseDecimal(text, min, max).value_or(fallback);
}

// Null for a malformed version: falling back to the default would hide the mistake.
std::shared_ptr<const Keys> ParseKeys(std::string_view key, std::string_view version) {
  if (key.empty()) return nullptr;
  return Keys::For(key, version.empty() ? "1" : version);
}

// Accepts https://host:port and https://[v6]:port, optionally followed by one slash.
void ParsePlatform(std::string_view address, Config* config) {
  constexpr std::string_view kScheme = "https://";
  if (address.substr(0, kScheme.size()) != kScheme) return;
  address.remove_prefix(kScheme.size());
  if (!address.empty() && address.back() == '/') address.remove_suffix(1);

  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return;
  std::string_view host = address.substr(0, colon);
  const std::string_view port = address.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return;
  }
  if (host.empty() || host.find_first_of("/?#@[] \t\r\n") != std::string_view::npos) return;
  if (!ParseDecimal(port, 1, 65535)) return;
  config->host = host;
  config->port = port;
}

}  // namespace

std::shared_ptr<const Settings> ParseSettings(const Variables& variables,
                                              std::chrono::seconds utc_offset) {
  const auto value = [&variables](const char* name) { return Variable(variables, name); };
  const auto settings = std::make_shared<Settings>();
  Config& config = settings->config;
  {
    const OpenSslUse use;
    config.keys = ParseKeys(value("WEWORK_SPEC_SANDBOX_KEY"), value("WEWORK_SPEC_SANDBOX_KEY_VER"));
  }
  ParsePlatform(value("WEWORK_SPEC_SANDBOX_PLATFORM"), &config);
  config.timeout = std::chrono::seconds(NumberOr(static_cast<uint64_t>(config.timeout.count()),
                                                 value("WEWORK_SPEC_SANDBOX_TIMEOUT"), 1, 3600));
  config.window = std::chrono::seconds(NumberOr(static_cast<uint64_t>(config.window.count()),
                                                value("WEWORK_SPEC_SANDBOX_WINDOW"), 1, 86400));
  LogConfig& log = settings->log;
  log.level = static_cast<int>(
      NumberOr(static_cast<uint64_t>(log.level), value("WEWORK_SPEC_SANDBOX_LOG_LEVEL"), 1, 3));
  log.file = value("WEWORK_SPEC_SANDBOX_LOG_FILE");
  log.collect = value("WEWORK_SPEC_SANDBOX_LOG_COLLECT");
  log.utc_offset = utc_offset;
  return settings;
}

const std::shared_ptr<const Settings>& CurrentSettings() {
  // Never destroyed, because threads of the host may still use it while the process exits.
  static const auto& unconfigured =
      *new std::shared_ptr<const Settings>(std::make_shared<const Settings>());
  return current_settings != nullptr ? *current_settings : unconfigured;
}

SettingsScope::SettingsScope(std::shared_ptr<const Settings> settings)
    : settings_(std::move(settings)), before_(current_settings) {
  // Without settings, those of an outer scope must not be used either.
  current_settings = settings_ != nullptr ? &settings_ : nullptr;
}

SettingsScope::~SettingsScope() { current_settings = before_; }

}  // namespace wework_spec_sandbox
