// The four parts that accompany a message, one on a line: key version, timestamp, nonce, signature.
#include "message.h"
#include "support.h"

using wework_spec_sandbox::Envelope;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parts = fuzz::Lines(fuzz::TextOf(data, size), 4);
  const auto envelope = Envelope::Parse(parts[0], parts[1], parts[2], parts[3]);
  if (!envelope) return 0;
  fuzz::Require(envelope->time >= 0 && envelope->time <= 999'999'999'999, "the time has 12 digits");
  fuzz::Require(parts[0].size() <= 10 && parts[2].size() == 32 && parts[3].size() == 44,
                "the parts have their sizes");
  envelope->IsTimely(std::chrono::seconds(300));
  return 0;
}
