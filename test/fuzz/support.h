// What the fuzz targets share.
#ifndef WEWORK_SPEC_TEST_FUZZ_SUPPORT_H_
#define WEWORK_SPEC_TEST_FUZZ_SUPPORT_H_

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "keys.h"
#include "sandbox_settings.h"

namespace fuzz {

// Ends the process, so that libFuzzer stores the input, unless a property holds.
inline void Require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "Violated: %s\n", property);
  std::abort();
}

inline std::string_view TextOf(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The input's parts between line breaks; the last one takes the rest.
inline std::vector<std::string> Lines(std::string_view text, size_t count) {
  std::vector<std::string> lines;
  while (lines.size() + 1 < count) {
    const size_t stop = text.find('\n');
    lines.emplace_back(text.substr(0, stop));
    text.remove_prefix(stop == std::string_view::npos ? text.size() : stop + 1);
  }
  lines.emplace_back(text);
  return lines;
}

// Zero bytes: a key that protects nothing.
inline constexpr char kKeyText[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

inline const std::shared_ptr<const wework_spec_sandbox::Keys>& TestKeys() {
  static const auto& keys = *new std::shared_ptr<const wework_spec_sandbox::Keys>(
      wework_spec_sandbox::Keys::For(kKeyText, "1"));
  return keys;
}

// Uses the settings of a program in the sandbox until the process ends, with a short window,
// because each nonce is remembered that long.
inline void UseSettings(const char* log_level = "1") {
  static const wework_spec_sandbox::SettingsScope scope(
      wework_spec_sandbox::ParseSettings({{"WEWORK_SPEC_SANDBOX_KEY", kKeyText},
                                          {"WEWORK_SPEC_SANDBOX_PLATFORM", "https://localhost:1"},
                                          {"WEWORK_SPEC_SANDBOX_WINDOW", "5"},
                                          {"WEWORK_SPEC_SANDBOX_LOG_FILE", "/dev/null"},
                                          {"WEWORK_SPEC_SANDBOX_LOG_LEVEL", log_level}},
                                         std::chrono::seconds(0)));
}

}  // namespace fuzz

#endif  // WEWORK_SPEC_TEST_FUZZ_SUPPORT_H_
