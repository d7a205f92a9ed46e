#include "keys.h"

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

bool DecodeKey(std::string_view text, Bytes32* key) {
  std::optional<std::string> bytes = DecodeBase64(text);
  if (!bytes) return false;
  const ScopedWipe wipe(&*bytes);
  if (bytes->size() != key->size()) return false;
  std::copy(bytes->begin(), bytes->end(), key->begin());
  return true;
}

// What the cache knows a key by, so that it does not hold the text.
bool DigestOf(std::string_view key_text, std::string_view version, Bytes32* digest) {
  std::string name(version);
  // At once, because a string that grows would leave a copy.
  name.reserve(version.size() + 1 + key_text.size());
  const ScopedWipe wipe(&name);
  name.append(1, ' ').append(key_text);
  return Sha256(name, digest);
}

// Caches keys, because deriving them and creating the TLS context takes longer than handling a
// small message. Never destroyed, because threads of the host may still use it while the process
// exits.
struct Cache {
  // Bounds the memory of a program that keeps changing its key.
  static constexpr size_t kMaxEntries = 16;

  std::mutex mutex;
  std::map<Bytes32, std::shared_ptr<const Keys>> keys;  // by DigestOf
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
  Bytes32 digest;
  if (!DigestOf(key_text, version, &digest)) return nullptr;

  Cache& cache = ProcessCache();
  const std::lock_guard<std::mutex> lock(cache.mutex);
  const auto found = cache.keys.find(digest);
  if (found != cache.keys.end()) return found->second;

  Bytes32 key;
  const ScopedWipe wipe(&key);
  if (!DecodeKey(key_text, &key) || !IsKeyVersion(version)) return nullptr;
  const std::shared_ptr<Keys> keys(new Keys);
  keys->version_ = version;
  if (!keys->Derive(key)) return nullptr;

  if (cache.keys.size() >= Cache::kMaxEntries) cache.keys.clear();
  return cache.keys.emplace(digest, keys).first->second;
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
    const ScopedWipe wipe(&signature);
    if (!Hkdf(key, kProtocol, name + " encryption", &pair.encryption) ||
        !Hkdf(key, kProtocol, name + " signature", &signature) ||
        !pair.signature.SetKey(signature)) {
      return false;
    }
  }
  Bytes32 psk;
  const ScopedWipe wipe(&psk);
  if (!Hkdf(key, kProtocol, "tls psk", &psk)) return false;
  tls_.reset(NewPskContext(std::string(kProtocol) + " ver=" + version_, psk));
  return tls_ != nullptr;
}

}  // namespace wework_spec_sandbox
