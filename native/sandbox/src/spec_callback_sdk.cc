#include <limits>
#include <optional>
#include <utility>

#include "config.h"
#include "cpp_sdk.h"
#include "crypto.h"
#include "decimal.h"
#include "fields.h"
#include "log.h"
#include "message.h"
#include "openssl_use.h"
#include "refusals.h"
#include "replay.h"

namespace Tencent {
namespace WxWork {

using wework_spec_sandbox::Config;
using wework_spec_sandbox::CurrentSettings;
using wework_spec_sandbox::Direction;
using wework_spec_sandbox::Envelope;
using wework_spec_sandbox::FieldReader;
using wework_spec_sandbox::IsNonce;
using wework_spec_sandbox::kNonceHeader;
using wework_spec_sandbox::kSignatureHeader;
using wework_spec_sandbox::kTimestampHeader;
using wework_spec_sandbox::kVersionHeader;
using wework_spec_sandbox::Message;
using wework_spec_sandbox::Opener;
using wework_spec_sandbox::OpenSslUse;
using wework_spec_sandbox::ParseDecimal;
using wework_spec_sandbox::Settings;
using wework_spec_sandbox::Tag;

namespace {

using Headers = std::map<std::string, std::string>;

constexpr char kRefusalHeader[] = "ww-sandbox-refusal";

// Null if the header is missing.
const std::string* Find(const Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found != headers.end() ? &found->second : nullptr;
}

}  // namespace

// Owns the decoded request and refers to the caller's headers and body. Only the constructor writes
// to it.
struct __attribute__((visibility("hidden"))) SpecCallbackSDK::Impl {
  Impl(const Headers& request_headers, const std::string& request_body)
      : headers(request_headers), post_data(request_body) {}

  // Verifies, decrypts and decodes. Returns null, or the reason for a refusal.
  const char* Receive(const std::string& method);
  bool ReadFields(std::string_view content);
  std::optional<Message> SealResponse(const std::string& rsp) const;

  const Headers& headers;
  const std::string& post_data;
  const std::shared_ptr<const Settings> settings = CurrentSettings();
  const Config& config = settings->config;
  const char* refusal = nullptr;

  std::string corpid;
  uint32_t agentid = 0;
  uint32_t call_type = 0;
  std::string data;
  bool is_async = false;
  std::string job_info;
  std::string ability_id;
  std::string notify_id;
};

const char* SpecCallbackSDK::Impl::Receive(const std::string& method) {
  if (config.keys == nullptr) return "not-configured";
  if (method != "GET" && method != "POST") return "method";
  const std::string* const key_version = Find(headers, kVersionHeader);
  const std::string* const timestamp = Find(headers, kTimestampHeader);
  const std::string* const nonce = Find(headers, kNonceHeader);
  const std::string* const signature = Find(headers, kSignatureHeader);
  if (!key_version || !timestamp || !nonce || !signature) return "missing-header";
  const std::optional<Envelope> envelope =
      Envelope::Parse(*key_version, *timestamp, *nonce, *signature);
  if (!envelope) return "malformed-header";
  if (*key_version != config.keys->version()) return "key-version";
  if (!envelope->IsTimely(config.window)) return "timestamp";
  Opener opener(*config.keys, {Direction::kRequest, method, ""}, *envelope, post_data);
  if (!opener.IsAuthentic()) return "signature";
  if (!wework_spec_sandbox::RememberNonce(*nonce, config.window)) return "replay";
  const std::optional<std::string_view> content = opener.Open();
  if (!content) return "decryption";
  return ReadFields(*content) ? nullptr : "malformed";
}

bool SpecCallbackSDK::Impl::ReadFields(std::string_view content) {
  const std::optional<FieldReader> fields = FieldReader::Parse(content);
  if (!fields || !fields->Has(Tag::kCorpId) || !fields->Has(Tag::kData)) return false;
  const std::optional<uint64_t> agent =
      ParseDecimal(fields->Text(Tag::kAgentId), 0, std::numeric_limits<uint32_t>::max());
  const std::optional<uint64_t> type = ParseDecimal(fields->Text(Tag::kCallType), 1, 2);
  const std::optional<uint64_t> async =
      fields->Has(Tag::kIsAsync) ? ParseDecimal(fields->Text(Tag::kIsAsync), 0, 1) : 0;
  if (!agent || !type || !async) return false;
  agentid = static_cast<uint32_t>(*agent);
  call_type = static_cast<uint32_t>(*type);
  is_async = *async == 1;
  corpid = fields->Text(Tag::kCorpId);
  data = fields->Text(Tag::kData);
  job_info = fields->Text(Tag::kJobInfo);
  ability_id = fields->Text(Tag::kAbilityId);
  notify_id = fields->Text(Tag::kNotifyId);
  return true;
}

// Reads the nonce from the caller's headers again. The vendor's class refers to them as well, so a
// binding that frees them too early must also fail with the sandbox.
std::optional<Message> SpecCallbackSDK::Impl::SealResponse(const std::string& rsp) const {
  const std::string* const nonce = Find(headers, kNonceHeader);
  std::string_view request_nonce;
  if (nonce != nullptr && IsNonce(*nonce)) request_nonce = *nonce;
  if (refusal != nullptr) {
    return SealEmpty(*config.keys, {Direction::kResponse, refusal, request_nonce});
  }
  return Seal(*config.keys, {Direction::kResponse, "", request_nonce}, rsp);
}

SpecCallbackSDK::SpecCallbackSDK(const std::string& method,
                                 const std::map<std::string, std::string>& headers,
                                 const std::string& post_data) {
  const OpenSslUse use;
  wework_spec_sandbox::SetRequestId(wework_spec_sandbox::RandomHex(8));
  impl_ = std::make_unique<Impl>(headers, post_data);
  impl_->refusal = impl_->Receive(method);
  if (impl_->refusal != nullptr) wework_spec_sandbox::LogRefusal(impl_->refusal);
}

SpecCallbackSDK::~SpecCallbackSDK() = default;

bool SpecCallbackSDK::IsOk() const { return impl_->refusal == nullptr; }

const std::string& SpecCallbackSDK::GetCorpId() const { return impl_->corpid; }
uint32_t SpecCallbackSDK::GetAgentId() const { return impl_->agentid; }
uint32_t SpecCallbackSDK::GetCallType() const { return impl_->call_type; }
const std::string& SpecCallbackSDK::GetData() const { return impl_->data; }
bool SpecCallbackSDK::GetIsAsync() const { return impl_->is_async; }
const std::string& SpecCallbackSDK::GetJobInfo() const { return impl_->job_info; }
const std::string& SpecCallbackSDK::GetAbilityId() const { return impl_->ability_id; }
const std::string& SpecCallbackSDK::GetNotifyId() const { return impl_->notify_id; }

void SpecCallbackSDK::BuildResponseHeaderBody(const std::string& rsp,
                                              std::map<std::string, std::string>* headers,
                                              std::string* encrypted_body) {
  const OpenSslUse use;
  std::optional<Message> message;
  if (impl_->config.keys != nullptr) message = impl_->SealResponse(rsp);

  Headers response_headers;
  if (message) {
    response_headers.emplace("content-type", "text/plain");
    response_headers.emplace(kVersionHeader, std::move(message->key_version));
    response_headers.emplace(kTimestampHeader, std::move(message->timestamp));
    response_headers.emplace(kNonceHeader, std::move(message->nonce));
    response_headers.emplace(kSignatureHeader, std::move(message->signature));
  }
  if (impl_->refusal != nullptr) {
    response_headers.emplace(kRefusalHeader, impl_->refusal);
  } else if (!message) {
    response_headers.emplace(kRefusalHeader, "internal");
    WWSPEC_LOG_ERROR("response not built: OpenSSL failed");
  }
  WWSPEC_LOG_DEBUG("response built: request %zu bytes, response %zu bytes", impl_->post_data.size(),
                   rsp.size());
  *headers = std::move(response_headers);
  *encrypted_body = message ? std::move(message->body) : std::string();
}

}  // namespace WxWork
}  // namespace Tencent
