#include "keys.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <optional>

#include "base64.h"
#include "decimal.h"
#include "tls.h"

namespace wework_spec_sandbox {
namespace {

std::optional<Bytes32> DecodeKey(std::string_view text) {
  std::optional<std::string> bytes = DecodeBase64(text);
  Bytes32 key;
  if (!bytes || bytes->size() != key.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), key.begin());
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return key;
}

// Caches keys, because deriving them and creating the TLS context takes longer than handling a
// small message. Never destroyed, because threads of the host may still use it while the process
// exits.
struct Cache {
  // Bounds the memory of a program that keeps changing its key.
  static constexpr size_t kMaxEntries = 16;

  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const Keys>, std::less<>> keys;
};

Cache& ProcessCache() {
  static Cache* const cache = new Cache;
  return *cache;
}

}  // namespace

std::string_view NameOf(Direction direction) {
  constexpr std::string_view kNames[] = {"request", "response", "invoke", "result"};
  return kNames[static_cast<size_t>(direction)];
}

bool IsKeyVersion(std::string_view text) {
  return ParseDecimal(text, 1, std::numeric_limits<int32_t>::max()) && text.front() != '0';
}

std::shared_ptr<const Keys> Keys::For(std::string_view key_text, std::string_view version) {
  std::string name(version);
  name.append(1, ' ').append(key_text);

  Cache& cache = ProcessCache();
  const std::lock_guard<std::mutex> lock(cache.mutex);
  const auto found = cache.keys.find(name);
  if (found != cache.keys.end()) return found->second;

  std::optional<Bytes32> key = DecodeKey(key_text);
  if (!key || !IsKeyVersion(version)) return nullptr;
  const std::shared_ptr<Keys> keys(new Keys);
  keys->version_ = version;
  const bool derived = keys->Derive(*key);
  OPENSSL_cleanse(key->data(), key->size());
  if (!derived) return nullptr;

  if (cache.keys.size() >= Cache::kMaxEntries) cache.keys.clear();
  return cache.keys.emplace(std::move(name), keys).first->second;
}

Keys::~Keys() {
  for (Pair& pair : pairs_) OPENSSL_cleanse(pair.encryption.data(), pair.encryption.size());
}

bool Keys::Derive(const Bytes32& key) {
  for (const Direction direction :
       {Direction::kRequest, Direction::kResponse, Direction::kInvoke, Direction::kResult}) {
    Pair& pair = pairs_[static_cast<size_t>(direction)];
    const std::string name(NameOf(direction));
    Bytes32 signature;
    const bool derived = Hkdf(key, kProtocol, name + " encryption", &pair.encryption) &&
                         Hkdf(key, kProtocol, name + " signature", &signature) &&
                         pair.signature.SetKey(signature);
    OPENSSL_cleanse(signature.data(), signature.size());
    if (!derived) return false;
  }
  Bytes32 psk;
  if (!Hkdf(key, kProtocol, "tls psk", &psk)) return false;
  tls_.reset(NewPskContext(std::string(kProtocol) + " ver=" + version_, psk));
  OPENSSL_cleanse(psk.data(), psk.size());
  return tls_ != nullptr;
}

}  // namespace wework_spec_sandbox
