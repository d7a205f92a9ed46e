#include "config.h"
#include "cpp_sdk.h"
#include "fields.h"
#include "openssl_use.h"
#include "platform.h"

namespace Tencent {
namespace WxWork {

bool SpecOpenDebugMode(const std::string& debug_token, const std::string& access_token) {
  const wework_spec_sandbox::OpenSslUse use;
  const wework_spec_sandbox::Config& config = wework_spec_sandbox::CurrentSettings()->config;
  if (!IsConfigured(config)) return false;
  wework_spec_sandbox::FieldWriter fields;
  fields.Add(wework_spec_sandbox::Tag::kDebugToken, debug_token);
  fields.Add(wework_spec_sandbox::Tag::kAccessToken, access_token);
  std::string response;
  return CallPlatform(config, "/spec/debug-mode", fields, &response) == wework_spec_sandbox::kRetOk;
}

}  // namespace WxWork
}  // namespace Tencent
