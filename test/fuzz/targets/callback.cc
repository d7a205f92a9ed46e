// A request, as the public class of the sandbox SDK reads it: with headers and a body that are
// arbitrary, or with arbitrary content that is sealed as the platform does it.
#include <map>

#include "cpp_sdk.h"
#include "message.h"
#include "support.h"

using namespace wework_spec_sandbox;
using Headers = std::map<std::string, std::string>;
using Tencent::WxWork::SpecCallbackSDK;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  fuzz::UseSettings();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const bool is_sealed = input.ConsumeBool();
  const std::string method = input.ConsumeBool() ? "POST" : input.ConsumeRandomLengthString(8);
  Headers headers;
  std::string body;
  if (is_sealed) {
    auto message = Seal(*fuzz::TestKeys(), {Direction::kRequest, method, ""},
                        input.ConsumeRemainingBytesAsString());
    headers = {{kVersionHeader, message->key_version},
               {kTimestampHeader, message->timestamp},
               {kNonceHeader, message->nonce},
               {kSignatureHeader, message->signature}};
    body = message->body;
  } else {
    for (const char* name : {kVersionHeader, kTimestampHeader, kNonceHeader, kSignatureHeader}) {
      if (input.ConsumeBool()) headers[name] = input.ConsumeRandomLengthString(64);
    }
    body = input.ConsumeRemainingBytesAsString();
  }

  SpecCallbackSDK callback(method, headers, body);
  fuzz::Require(is_sealed || !callback.IsOk(), "a request without the key's signature is refused");
  if (callback.IsOk()) {
    fuzz::Require(callback.GetCallType() == 1 || callback.GetCallType() == 2, "a type is 1 or 2");
    const size_t read = callback.GetCorpId().size() + callback.GetData().size() +
                        callback.GetJobInfo().size() + callback.GetAbilityId().size() +
                        callback.GetNotifyId().size();
    fuzz::Require(read <= body.size(), "the fields come from the body");
  }
  Headers response_headers;
  std::string encrypted;
  callback.BuildResponseHeaderBody(callback.GetData(), &response_headers, &encrypted);
  fuzz::Require(callback.IsOk() == (response_headers.count("ww-sandbox-refusal") == 0),
                "a refusal names its reason");
  return 0;
}
