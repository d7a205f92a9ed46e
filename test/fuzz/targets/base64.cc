// Base64: only one form is accepted, and encoded bytes are decoded unchanged.
#include "base64.h"

#include "support.h"

using wework_spec_sandbox::DecodeBase64;
using wework_spec_sandbox::EncodeBase64;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::TextOf(data, size);
  const auto decoded = DecodeBase64(input);
  if (decoded) fuzz::Require(EncodeBase64(*decoded) == input, "a text has one form");
  fuzz::Require(DecodeBase64(EncodeBase64(input)) == input, "bytes survive");
  return 0;
}
