// Encrypting, signing and opening messages (docs/sandbox-protocol.md, sections 1, 3 and 4).
#ifndef WEWORK_SPEC_SANDBOX_MESSAGE_H_
#define WEWORK_SPEC_SANDBOX_MESSAGE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "keys.h"

namespace wework_spec_sandbox {

inline constexpr char kVersionHeader[] = "ww-secret-ver";
inline constexpr char kTimestampHeader[] = "ww-timestamp";
inline constexpr char kNonceHeader[] = "ww-nonce";
inline constexpr char kSignatureHeader[] = "ww-signature";

// A message to be sent.
struct Message {
  std::string key_version;
  std::string timestamp;
  std::string nonce;
  std::string signature;
  std::string body;
};

// What the signature covers besides the message itself.
struct Purpose {
  Direction direction;
  std::string_view subject;
  std::string_view request_nonce;
};

// Encrypts and signs a message. Empty if OpenSSL fails.
std::optional<Message> Seal(const Keys& keys, const Purpose& purpose, std::string_view plaintext);

// Signs a message without a body, which is a refusal.
std::optional<Message> SealEmpty(const Keys& keys, const Purpose& purpose);

// The four parts that accompany a body. Holds views into the strings that were parsed.
struct Envelope {
  // Empty if a part is malformed.
  static std::optional<Envelope> Parse(std::string_view key_version, std::string_view timestamp,
                                       std::string_view nonce, std::string_view signature);

  bool IsTimely(std::chrono::seconds window) const;

  std::string_view key_version;
  std::string_view timestamp;
  std::string_view nonce;
  int64_t time;
  Bytes32 signature;
};

bool IsNonce(std::string_view text);

// Verifies and decrypts a received message. The caller takes the steps in the order that the
// protocol demands.
class Opener {
 public:
  // Keeps references to the keys, the envelope and the body, which must outlive the opener.
  Opener(const Keys& keys, const Purpose& purpose, const Envelope& envelope, std::string_view body);

  bool IsAuthentic() const;

  // Decrypts the body. The result is a view into the opener; empty if the body cannot be decrypted.
  // Call it once.
  std::optional<std::string_view> Open();

 private:
  const Keys& keys_;
  const Direction direction_;
  const Envelope& envelope_;
  const std::string_view body_;
  const std::string context_;
  std::string opened_;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_MESSAGE_H_
