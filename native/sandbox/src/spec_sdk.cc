#include <climits>

#include "config.h"
#include "cpp_sdk.h"
#include "fields.h"
#include "json.h"
#include "openssl_use.h"
#include "platform.h"

namespace Tencent {
namespace WxWork {

using wework_spec_sandbox::CurrentSettings;
using wework_spec_sandbox::FieldWriter;
using wework_spec_sandbox::IsJson;
using wework_spec_sandbox::OpenSslUse;
using wework_spec_sandbox::Settings;
using wework_spec_sandbox::Tag;

// Immutable, so any number of threads may call Invoke.
struct __attribute__((visibility("hidden"))) SpecSdk::Impl {
  // The caller's object, which each Invoke reads; if null, the four values below are used.
  const SpecCallbackSDK* const callback;
  const std::string corpid;
  const uint32_t agentid;
  const std::string ability_id;
  const std::string job_info;
  const std::shared_ptr<const Settings> settings = CurrentSettings();

  void AddIdentity(FieldWriter* fields) const {
    const auto add = [fields](const std::string& corp, uint32_t agent, const std::string& job,
                              const std::string& ability) {
      fields->Add(Tag::kCorpId, corp);
      fields->Add(Tag::kAgentId, std::to_string(agent));
      fields->Add(Tag::kJobInfo, job);
      fields->Add(Tag::kAbilityId, ability);
    };
    if (callback == nullptr) {
      add(corpid, agentid, job_info, ability_id);
    } else {
      add(callback->GetCorpId(), callback->GetAgentId(), callback->GetJobInfo(),
          callback->GetAbilityId());
    }
  }
};

SpecSdk::SpecSdk(const std::string& corpid, uint32_t agentid, const std::string& ability_id,
                 const std::string& job_info) {
  const OpenSslUse use;
  impl_.reset(new Impl{nullptr, corpid, agentid, ability_id, job_info});
}

SpecSdk::SpecSdk(const SpecCallbackSDK& callback) {
  const OpenSslUse use;
  impl_.reset(new Impl{&callback, "", 0, "", ""});
}

SpecSdk::~SpecSdk() = default;

int SpecSdk::Invoke(const std::string& api_name, const std::string& req, std::string* rsp) {
  const OpenSslUse use;
  rsp->clear();
  const wework_spec_sandbox::Config& config = impl_->settings->config;
  if (!IsConfigured(config)) return wework_spec_sandbox::kRetInternal;
  if (!IsJson(req)) return wework_spec_sandbox::kRetJson;
  // Too long for any request; refused before it is copied.
  if (req.size() > INT_MAX || api_name.size() > INT_MAX) return wework_spec_sandbox::kRetInternal;
  FieldWriter fields;
  impl_->AddIdentity(&fields);
  fields.Add(Tag::kApiName, api_name);
  fields.Add(Tag::kApiRequest, req);
  const int ret = CallPlatform(config, "/spec/invoke", fields, rsp);
  return ret == wework_spec_sandbox::kRetOk && !IsJson(*rsp) ? wework_spec_sandbox::kRetJson : ret;
}

}  // namespace WxWork
}  // namespace Tencent
