// The settings that a host hands over, one on a line: key, version, platform, timeout, window, log
// level.
#include "config.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr const char* kNames[] = {"KEY", "KEY_VER", "PLATFORM", "TIMEOUT", "WINDOW", "LOG_LEVEL"};
  constexpr size_t kCount = sizeof(kNames) / sizeof(*kNames);
  const auto values = fuzz::Lines(fuzz::TextOf(data, size), kCount);
  std::map<std::string, std::string> variables;
  for (size_t i = 0; i < kCount; ++i) {
    variables["WEWORK_SPEC_SANDBOX_" + std::string(kNames[i])] = values[i];
  }
  const auto settings = wework_spec_sandbox::ParseSettings(variables, std::chrono::seconds(0));
  const auto& config = settings->config;
  const auto& log = settings->log;

  fuzz::Require(config.host.empty() == config.port.empty(), "a host has a port");
  fuzz::Require(config.host.find_first_of("/?#@[] \t\r\n") == std::string::npos,
                "a host has nothing else of an address");
  fuzz::Require(config.timeout.count() >= 1 && config.timeout.count() <= 3600, "timeout in range");
  fuzz::Require(config.window.count() >= 1 && config.window.count() <= 86400, "window in range");
  fuzz::Require(log.level >= 1 && log.level <= 3, "log level in range");
  return 0;
}
