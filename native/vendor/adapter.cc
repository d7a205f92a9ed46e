#include "vendor/adapter.h"

#include <cpp_sdk.h>

#include <utility>

#include "runtime/errors.h"
#include "runtime/images.h"

#if defined(WEWORK_SPEC_SANDBOX_SDK) && !defined(WEWORK_SPEC_BUILD_SANDBOX)
#error "This is the sandbox's cpp_sdk.h; the vendor build takes the vendor's header only."
#endif

// Reopened so that the name is there even when an SDK declares its classes outside of it.
namespace Tencent {
namespace WxWork {}
}  // namespace Tencent

// The documented names, found whether the SDK declares them in Tencent::WxWork or globally. A
// namespace beside ours and not inside it: there our own functions of the same name would be found
// first.
namespace spec_names {
using namespace ::Tencent::WxWork;  // NOLINT(build/namespaces)

using Callback = SpecCallbackSDK;
#if WEWORK_SPEC_HAS_SPEC_SDK
using Client = SpecSdk;
#else
using Client = SpecSDK;
#endif

#if WEWORK_SPEC_HAS_NOTIFY_ID
std::string NotifyId() { return GenerateNotifyId(); }
#else
std::string NotifyId() {
  throw wework_spec::CodedError("ERR_SPEC_UNSUPPORTED_BY_SDK", "GenerateNotifyId");
}
#endif

#if WEWORK_SPEC_HAS_DEBUG_MODE
bool DebugMode(const std::string& debug_token, const std::string& access_token) {
  return SpecOpenDebugMode(debug_token, access_token);
}
#else
bool DebugMode(const std::string&, const std::string&) {
  throw wework_spec::CodedError("ERR_SPEC_UNSUPPORTED_BY_SDK", "SpecOpenDebugMode");
}
#endif
}  // namespace spec_names

namespace wework_spec::vendor {

struct Callback::Sdk {
  Sdk(const std::string& method, const HeaderMap& headers, const std::string& body)
      : object(method, headers, body) {}
  spec_names::Callback object;
};

Callback::Callback(std::string method, HeaderMap headers, std::string body)
    : method_(std::move(method)),
      headers_(std::move(headers)),
      body_(std::move(body)),
      sdk_(std::make_unique<Sdk>(method_, headers_, body_)) {
  ok_ = sdk_->object.IsOk();
}

Callback::~Callback() = default;

std::string Callback::CorpId() const { return sdk_->object.GetCorpId(); }
uint32_t Callback::AgentId() const { return static_cast<uint32_t>(sdk_->object.GetAgentId()); }
uint32_t Callback::CallType() const { return static_cast<uint32_t>(sdk_->object.GetCallType()); }
std::string Callback::Data() const { return sdk_->object.GetData(); }
bool Callback::IsAsync() const { return sdk_->object.GetIsAsync(); }
std::string Callback::JobInfo() const { return sdk_->object.GetJobInfo(); }
std::string Callback::AbilityId() const { return sdk_->object.GetAbilityId(); }
std::string Callback::NotifyId() const { return sdk_->object.GetNotifyId(); }

void Callback::BuildResponse(const std::string& response, HeaderMap* headers, std::string* body) {
  sdk_->object.BuildResponseHeaderBody(response, headers, body);
}

size_t Callback::RetainedBytes() const {
  size_t headers = 0;
  for (const auto& [name, value] : headers_) headers += name.size() + value.size() + 96;
  // Decrypted data is about as long as the body it came from.
  return sizeof(*this) + headers + 2 * body_.size();
}

struct Client::Sdk {
  Sdk(const std::string& corp_id, uint32_t agent_id, const std::string& ability_id,
      const std::string& job_info)
      : object(corp_id, agent_id, ability_id, job_info) {}
  explicit Sdk(const spec_names::Callback& callback) : object(callback) {}
  spec_names::Client object;
};

Client::Client(const std::string& corp_id, uint32_t agent_id, const std::string& ability_id,
               const std::string& job_info)
    : sdk_(std::make_unique<Sdk>(corp_id, agent_id, ability_id, job_info)) {}

Client::Client(std::shared_ptr<const Callback> callback)
    : callback_(std::move(callback)), sdk_(std::make_unique<Sdk>(callback_->sdk_->object)) {}

Client::~Client() = default;

int Client::Invoke(const std::string& api_name, const std::string& request, std::string* response) {
  return sdk_->object.Invoke(api_name, request, response);
}

bool OpenDebugMode(const std::string& debug_token, const std::string& access_token) {
  return spec_names::DebugMode(debug_token, access_token);
}

std::string GenerateNotifyId() { return spec_names::NotifyId(); }

SdkDescription DescribeSdk() {
  return {
#ifdef WEWORK_SPEC_BUILD_SANDBOX
    "sandbox",
#else
    "vendor",
#endif
        WEWORK_SPEC_SDK_LIBRARY_FILE,
#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
        true,
#else
        false,
#endif
        WEWORK_SPEC_HAS_NOTIFY_ID != 0, WEWORK_SPEC_HAS_DEBUG_MODE != 0,
        WEWORK_SPEC_HAS_LOG_CALL_SITE != 0
  };
}

#ifdef WEWORK_SPEC_BUILD_SANDBOX
// A strong reference: with any other library in the sandbox's place the addon does not load.
extern "C" __attribute__((used, visibility("hidden")))
const char* const wework_spec_sandbox_reference = wework_spec_sandbox_marker;

void RefuseWrongLibrary() {}
#else
void RefuseWrongLibrary() {
  if (LibraryDefines(WEWORK_SPEC_SDK_LIBRARY_FILE, "wework_spec_sandbox_marker")) {
    throw CodedError("ERR_SPEC_SANDBOX_LIBRARY", FileOfLibrary(WEWORK_SPEC_SDK_LIBRARY_FILE));
  }
}
#endif

// Last in the file: from here on __FILE__ and __LINE__ mean the caller's place in JavaScript.
#if WEWORK_SPEC_HAS_LOG_CALL_SITE
#include "vendor/call_site_macros.h"
#endif

void Log(LogLevel level, const char* file, int line, const char* text) {
  (void)file;
  (void)line;
  switch (level) {
    case LogLevel::kInfo:
      WWSPEC_LOG_INFO("%s", text);
      break;
    case LogLevel::kError:
      WWSPEC_LOG_ERROR("%s", text);
      break;
    case LogLevel::kDebug:
      WWSPEC_LOG_DEBUG("%s", text);
      break;
  }
}

}  // namespace wework_spec::vendor
