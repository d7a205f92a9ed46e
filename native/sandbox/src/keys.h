// The keys of section 2 of docs/sandbox-protocol.md.
#ifndef WEWORK_SPEC_SANDBOX_KEYS_H_
#define WEWORK_SPEC_SANDBOX_KEYS_H_

#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "crypto.h"

namespace wework_spec_sandbox {

// Stands in the salt, in every context and in the TLS identity.
inline constexpr std::string_view kProtocol = "wework-spec-sandbox/1";

enum class Direction { kRequest, kAnswer, kInvoke, kResult };

std::string_view NameOf(Direction direction);

// Whether a text has the form of a key version.
bool IsKeyVersion(std::string_view text);

// Everything derived from one shared key. Immutable and used by any number of threads; owned
// jointly by the process-wide cache and by the objects that were made while the key was configured.
class Keys {
 public:
  // Null when the key or the version is malformed, or OpenSSL fails.
  static std::shared_ptr<const Keys> For(std::string_view key_text, std::string_view version);

  ~Keys();
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  const std::string& version() const { return version_; }
  const Bytes32& encryption(Direction direction) const { return Of(direction).encryption; }
  const Hmac& signature(Direction direction) const { return Of(direction).signature; }
  SSL_CTX* tls() const { return tls_.get(); }

 private:
  struct Pair {
    Bytes32 encryption;
    Hmac signature;
  };

  Keys() = default;
  bool Derive(const Bytes32& key);
  const Pair& Of(Direction direction) const { return pairs_[static_cast<size_t>(direction)]; }

  std::string version_;
  std::array<Pair, 4> pairs_;
  Handle<SSL_CTX, SSL_CTX_free> tls_;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_KEYS_H_
