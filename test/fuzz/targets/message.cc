// A sealed message of which one part is changed: it opens if and only if nothing has changed.
#include "message.h"

#include "support.h"

using namespace wework_spec_sandbox;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const auto direction = Direction(input.ConsumeIntegralInRange(0, 3));
  const int part = input.ConsumeIntegralInRange(0, 7);
  const auto place = input.ConsumeIntegral<uint16_t>();
  const auto change = input.ConsumeIntegral<uint8_t>();
  const std::string replacement = input.ConsumeRandomLengthString(64);
  const std::string text = input.ConsumeRemainingBytesAsString();

  const Purpose purpose = {direction, "POST", ""};
  const auto sealed = Seal(*fuzz::TestKeys(), purpose, text);
  fuzz::Require(sealed.has_value(), "every text can be sealed");
  Message message = *sealed;
  std::string* const parts[] = {&message.key_version, &message.timestamp, &message.nonce,
                                &message.signature, &message.body};
  if (part < 5) {
    (*parts[part])[place % parts[part]->size()] ^= static_cast<char>(change);
  } else if (part == 5) {
    *parts[place % 5] = replacement;
  }
  bool same = true;
  for (const auto& [one, other] : {std::pair{&message.key_version, &sealed->key_version},
                                   {&message.timestamp, &sealed->timestamp},
                                   {&message.nonce, &sealed->nonce},
                                   {&message.signature, &sealed->signature},
                                   {&message.body, &sealed->body}}) {
    same = same && *one == *other;
  }

  const auto envelope =
      Envelope::Parse(message.key_version, message.timestamp, message.nonce, message.signature);
  fuzz::Require(envelope || !same, "what was sealed can be read");
  if (!envelope) return 0;
  Opener opener(*fuzz::TestKeys(), purpose, *envelope, message.body);
  fuzz::Require(opener.IsAuthentic() == same, "a changed message is not authentic");
  // Without the check before, so that decryption gets changed messages as well.
  const auto opened = opener.Open();
  fuzz::Require(
      opened.has_value() ==
          (same || (message.body == sealed->body && message.key_version == sealed->key_version &&
                    message.timestamp == sealed->timestamp && message.nonce == sealed->nonce)),
      "the signature alone is not part of the encryption");
  fuzz::Require(!opened || *opened == text, "the text survives");
  return 0;
}
