// The check of requests and responses for JSON.
#include "json.h"

#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(fuzz::TextOf(data, size));
  const bool is_json = wework_spec_sandbox::IsJson(input);
  fuzz::Require(wework_spec_sandbox::IsJson(" [" + input + "]\n") || !is_json,
                "a value in a list is JSON");
  fuzz::Require(!is_json || input.find('\0') == std::string::npos, "JSON has no NUL");
  return 0;
}
