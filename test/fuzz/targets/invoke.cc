// The result of an Invoke, as the public class of the sandbox SDK reads it. This file has its own
// transport, which returns an arbitrary text, or arbitrary content that is sealed as the platform
// does it.
#include "cpp_sdk.h"
#include "json.h"
#include "support.h"
#include "transport.h"

namespace {

bool is_sealed;
std::string content;

}  // namespace

namespace wework_spec_sandbox {

Transport Post(const Config&, const char* path, const Message& message, std::string* body) {
  *body = content;
  if (!is_sealed) return Transport::kOk;
  const auto sealed = Seal(*fuzz::TestKeys(), {Direction::kResult, path, message.nonce}, content);
  *body = sealed->key_version + "." + sealed->timestamp + "." + sealed->nonce + "." +
          sealed->signature + "." + sealed->body;
  return Transport::kOk;
}

}  // namespace wework_spec_sandbox

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  fuzz::UseSettings();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  is_sealed = input.ConsumeBool();
  const std::string request = input.ConsumeBool() ? "{}" : input.ConsumeRandomLengthString(64);
  const std::string name = input.ConsumeRandomLengthString(16);
  content = input.ConsumeRemainingBytesAsString();

  static Tencent::WxWork::SpecSdk& sdk = *new Tencent::WxWork::SpecSdk("corp", 1);
  std::string response;
  const int ret = sdk.Invoke(name, request, &response);
  fuzz::Require(ret == 0 || (ret <= -10001 && ret >= -10009), "a return value is a documented one");
  fuzz::Require(ret != 0 || (is_sealed && wework_spec_sandbox::IsJson(response)),
                "success comes with the key's signature and with JSON");
  return 0;
}
