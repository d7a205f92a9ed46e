#include "message.h"

#include <algorithm>
#include <initializer_list>

#include "base64.h"
#include "decimal.h"

namespace wework_spec_sandbox {
namespace {

constexpr size_t kNonceBytes = 16;

int64_t Now() {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  using std::chrono::system_clock;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

std::string Context(const Purpose& purpose, std::string_view key_version,
                    std::string_view timestamp, std::string_view nonce) {
  std::string context(kProtocol);
  for (const std::string_view line : {NameOf(purpose.direction), purpose.subject, key_version,
                                      timestamp, nonce, purpose.request_nonce}) {
    context.append(1, '\n').append(line);
  }
  return context;
}

bool Sign(const Hmac& hmac, std::string_view context, std::string_view body, Bytes32* signature) {
  Bytes32 digest;
  if (!Sha256(body, &digest)) return false;
  std::string signed_text(context);
  signed_text.append(1, '\n').append(ToHex(digest.data(), digest.size()));
  return hmac.Compute(signed_text, signature);
}

// Without a body if `plaintext` is null.
std::optional<Message> SealOptional(const Keys& keys, const Purpose& purpose,
                                    const std::string_view* plaintext) {
  Message message;
  message.key_version = keys.version();
  message.timestamp = std::to_string(Now());
  message.nonce = RandomHex(kNonceBytes);
  if (message.nonce.empty()) return std::nullopt;
  const std::string context =
      Context(purpose, message.key_version, message.timestamp, message.nonce);
  if (plaintext != nullptr) {
    const std::optional<std::string> sealed =
        Encrypt(keys.encryption(purpose.direction), context, *plaintext);
    if (!sealed) return std::nullopt;
    message.body = EncodeBase64(*sealed);
  }
  Bytes32 signature;
  if (!Sign(keys.signature(purpose.direction), context, message.body, &signature)) {
    return std::nullopt;
  }
  message.signature =
      EncodeBase64({reinterpret_cast<const char*>(signature.data()), signature.size()});
  return message;
}

}  // namespace

std::optional<Message> Seal(const Keys& keys, const Purpose& purpose, std::string_view plaintext) {
  return SealOptional(keys, purpose, &plaintext);
}

std::optional<Message> SealEmpty(const Keys& keys, const Purpose& purpose) {
  return SealOptional(keys, purpose, nullptr);
}

bool IsNonce(std::string_view text) {
  return text.size() == 2 * kNonceBytes &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<Envelope> Envelope::Parse(std::string_view key_version, std::string_view timestamp,
                                        std::string_view nonce, std::string_view signature) {
  Envelope envelope{key_version, timestamp, nonce, 0, {}};
  if (!IsKeyVersion(key_version) || !IsNonce(nonce)) return std::nullopt;
  const std::optional<uint64_t> time = ParseDecimal(timestamp, 0, 999'999'999'999);
  if (timestamp.size() > 12 || !time) return std::nullopt;
  envelope.time = static_cast<int64_t>(*time);

  const std::optional<std::string> bytes = DecodeBase64(signature);
  if (!bytes || bytes->size() != envelope.signature.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), envelope.signature.begin());
  return envelope;
}

bool Envelope::IsTimely(std::chrono::seconds window) const {
  const int64_t difference = Now() - time;
  return difference <= window.count() && -difference <= window.count();
}

Opener::Opener(const Keys& keys, const Purpose& purpose, const Envelope& envelope,
               std::string_view body)
    : keys_(keys),
      direction_(purpose.direction),
      envelope_(envelope),
      body_(body),
      context_(Context(purpose, envelope.key_version, envelope.timestamp, envelope.nonce)) {}

bool Opener::IsAuthentic() const {
  Bytes32 signature;
  return Sign(keys_.signature(direction_), context_, body_, &signature) &&
         SecretsEqual(signature, envelope_.signature);
}

std::optional<std::string_view> Opener::Open() {
  std::optional<std::string> sealed = DecodeBase64(body_);
  if (!sealed) return std::nullopt;
  opened_ = std::move(*sealed);
  return Decrypt(keys_.encryption(direction_), context_, &opened_);
}

}  // namespace wework_spec_sandbox
