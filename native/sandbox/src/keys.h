// Key derivation (docs/sandbox-protocol.md, section 2).
#ifndef WEWORK_SPEC_SANDBOX_KEYS_H_
#define WEWORK_SPEC_SANDBOX_KEYS_H_

#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "crypto.h"

namespace wework_spec_sandbox {

// Part of the salt, of every context and of the TLS identity.
inline constexpr std::string_view kProtocol = "wework-spec-sandbox/1";

enum class Direction { kRequest, kResponse, kInvoke, kResult };

std::string_view NameOf(Direction direction);

// Whether a text is a well-formed key version.
bool IsKeyVersion(std::string_view text);

// The keys derived from one shared key, and its TLS context. Immutable, so any number of threads
// may use it. Owned jointly by the process-wide cache and the SDK objects created with this key.
class Keys {
 public:
  // From the cache, or derived. Null if the key or version is malformed or OpenSSL fails. Any
  // thread.
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
