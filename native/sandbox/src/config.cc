#include "config.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "decimal.h"

namespace wework_spec_sandbox {
namespace {

// Null if the variable is unset or empty, because shells and container files easily set empty ones.
const char* Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

uint64_t NumberOr(uint64_t fallback, const char* name, uint64_t min, uint64_t max) {
  const char* const value = Variable(name);
  return value == nullptr ? fallback : ParseDecimal(value, min, max).value_or(fallback);
}

// Null for a malformed version: falling back to the default would hide the mistake.
std::shared_ptr<const Keys> ReadKeys() {
  const char* const key = Variable("WEWORK_SPEC_SANDBOX_KEY");
  if (key == nullptr) return nullptr;
  const char* const version = Variable("WEWORK_SPEC_SANDBOX_KEY_VER");
  return Keys::For(key, version != nullptr ? version : "1");
}

// Accepts https://host:port and https://[v6]:port, optionally followed by one slash.
void ReadPlatform(Config* config) {
  constexpr std::string_view kScheme = "https://";
  const char* const value = Variable("WEWORK_SPEC_SANDBOX_PLATFORM");
  if (value == nullptr) return;
  std::string_view address = value;
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

Config ReadConfig() {
  Config config;
  config.keys = ReadKeys();
  ReadPlatform(&config);
  config.timeout = std::chrono::seconds(NumberOr(30, "WEWORK_SPEC_SANDBOX_TIMEOUT", 1, 3600));
  config.window = std::chrono::seconds(NumberOr(300, "WEWORK_SPEC_SANDBOX_WINDOW", 1, 86400));
  return config;
}

LogConfig ReadLogConfig() {
  return {static_cast<int>(NumberOr(2, "WEWORK_SPEC_SANDBOX_LOG_LEVEL", 1, 3)),
          Variable("WEWORK_SPEC_SANDBOX_LOG_FILE"), Variable("WEWORK_SPEC_SANDBOX_LOG_COLLECT")};
}

}  // namespace wework_spec_sandbox
