#include "vendor/adapter.h"

#include <cpp_sdk.h>

#include <type_traits>
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

// The documented names, found whether the SDK declares them in Tencent::WxWork, globally or in
// another namespace that the build has seen in the header. A namespace beside ours and not inside
// it: there our own functions of the same name would be found first.
namespace spec_names {
using namespace ::Tencent::WxWork;  // NOLINT(build/namespaces)
#ifdef WEWORK_SPEC_NAMESPACE
using namespace ::WEWORK_SPEC_NAMESPACE;  // NOLINT(build/namespaces)
#endif

using SdkCallback = SpecCallbackSDK;
using SdkClient = WEWORK_SPEC_CLIENT;

[[noreturn, maybe_unused]] static void Unsupported(const char* name) {
  throw wework_spec::CodedError("ERR_SPEC_UNSUPPORTED_BY_SDK", name);
}

static std::string SdkNotifyIdOf([[maybe_unused]] SdkCallback& callback) {
#if WEWORK_SPEC_HAS_GET_NOTIFY_ID
  return callback.GetNotifyId();
#else
  Unsupported("GetNotifyId");
#endif
}

// As the guide shows it, or with whatever the signature asks for instead. The first is tried first,
// since overloads would leave the conversions of the second ambiguous.
template <typename Callback>
static auto SdkBuildResponse(Callback& callback, const std::string& response,
                             wework_spec::vendor::HeaderMap* headers, std::string* body, int)
    -> decltype(callback.BuildResponseHeaderBody(response, headers, body), void()) {
  callback.BuildResponseHeaderBody(response, headers, body);
}
template <typename Callback>
static void SdkBuildResponse(Callback& callback, const std::string& response,
                             wework_spec::vendor::HeaderMap* headers, std::string* body, long) {
  wework_spec::vendor::Headers built;
  callback.BuildResponseHeaderBody(response, built, wework_spec::vendor::Out<std::string>(body));
  *headers = built.Read();
}

// The same.
template <typename Client>
static auto SdkInvoke(Client& client, const std::string& api_name, const std::string& request,
                      std::string* response, int)
    -> decltype(static_cast<int>(client.Invoke(api_name, request, response))) {
  return static_cast<int>(client.Invoke(api_name, request, response));
}
template <typename Client>
static int SdkInvoke(Client& client, const std::string& api_name, const std::string& request,
                     std::string* response, long) {
  return static_cast<int>(
      client.Invoke(api_name, request, wework_spec::vendor::Out<std::string>(response)));
}

static std::string SdkNotifyId() {
#ifdef WEWORK_SPEC_GENERATE_NOTIFY_ID
  return WEWORK_SPEC_GENERATE_NOTIFY_ID();
#else
  Unsupported("GenerateNotifyId");
#endif
}

static bool SdkOpenDebugMode([[maybe_unused]] const std::string& debug_token,
                             [[maybe_unused]] const std::string& access_token) {
#ifdef WEWORK_SPEC_OPEN_DEBUG_MODE
  return static_cast<bool>(WEWORK_SPEC_OPEN_DEBUG_MODE(debug_token, access_token));
#else
  Unsupported("SpecOpenDebugMode");
#endif
}

}  // namespace spec_names

namespace wework_spec::vendor {

struct Callback::Sdk {
  template <typename Map>
  Sdk(std::string& method, Map& headers, std::string& body) : object(method, headers, body) {}

  static std::unique_ptr<Sdk> Make(std::string& method, Headers& headers, std::string& body) {
    if constexpr (std::is_constructible_v<spec_names::SdkCallback, std::string&, HeaderMap&,
                                          std::string&>) {
      return std::make_unique<Sdk>(method, headers.own(), body);
    } else {
      return std::make_unique<Sdk>(method, headers, body);
    }
  }

  spec_names::SdkCallback object;
};

Callback::Callback(std::string method, HeaderMap headers, std::string body)
    : method_(std::move(method)),
      headers_(std::move(headers)),
      body_(std::move(body)),
      sdk_(Sdk::Make(method_, headers_, body_)) {
  ok_ = static_cast<bool>(sdk_->object.WEWORK_SPEC_IS_OK());
}

Callback::~Callback() = default;

std::string Callback::CorpId() const { return sdk_->object.GetCorpId(); }
uint32_t Callback::AgentId() const { return static_cast<uint32_t>(sdk_->object.GetAgentId()); }
uint32_t Callback::CallType() const { return static_cast<uint32_t>(sdk_->object.GetCallType()); }
std::string Callback::Data() const { return sdk_->object.GetData(); }
bool Callback::IsAsync() const { return static_cast<bool>(sdk_->object.GetIsAsync()); }
std::string Callback::JobInfo() const { return sdk_->object.GetJobInfo(); }
std::string Callback::AbilityId() const { return sdk_->object.GetAbilityId(); }
std::string Callback::NotifyId() const { return spec_names::SdkNotifyIdOf(sdk_->object); }

void Callback::BuildResponse(const std::string& response, HeaderMap* headers, std::string* body) {
  spec_names::SdkBuildResponse(sdk_->object, response, headers, body, 0);
}

size_t Callback::RetainedBytes() const {
  size_t headers = 0;
  for (const auto& [name, value] : headers_.own()) headers += name.size() + value.size() + 96;
  // Decrypted data is about as long as the body it came from.
  return sizeof(*this) + headers + 2 * body_.size();
}

struct Client::Sdk {
  explicit Sdk(std::unique_ptr<spec_names::SdkClient> made) : object(std::move(made)) {}
  const std::unique_ptr<spec_names::SdkClient> object;
};

Client::Client(std::string corp_id, uint32_t agent_id, std::string ability_id, std::string job_info)
    : corp_id_(std::move(corp_id)),
      ability_id_(std::move(ability_id)),
      job_info_(std::move(job_info)) {
  const char* lacks = nullptr;
  sdk_ = std::make_unique<Sdk>(
      MakeClient<spec_names::SdkClient>(corp_id_, agent_id, ability_id_, job_info_, &lacks));
  if (lacks != nullptr) throw CodedError("ERR_SPEC_UNSUPPORTED_BY_SDK", lacks);
}

Client::Client(std::shared_ptr<const Callback> callback)
    : callback_(std::move(callback)),
      sdk_(std::make_unique<Sdk>(MakeClientFor<spec_names::SdkClient>(callback_->sdk_->object))) {}

Client::~Client() = default;

int Client::Invoke(const std::string& api_name, const std::string& request, std::string* response) {
  return spec_names::SdkInvoke(*sdk_->object, api_name, request, response, 0);
}

bool OpenDebugMode(const std::string& debug_token, const std::string& access_token) {
  return spec_names::SdkOpenDebugMode(debug_token, access_token);
}

std::string GenerateNotifyId() { return spec_names::SdkNotifyId(); }

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
#ifdef WEWORK_SPEC_GENERATE_NOTIFY_ID
        true,
#else
        false,
#endif
#ifdef WEWORK_SPEC_OPEN_DEBUG_MODE
        true,
#else
        false,
#endif
        kTakesJobInfo<spec_names::SdkClient>, WEWORK_SPEC_HAS_LOG_CALL_SITE != 0
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

}  // namespace wework_spec::vendor

// Last in the file: from here on __FILE__ and __LINE__ mean the caller's place in JavaScript.
#if WEWORK_SPEC_HAS_LOG_CALL_SITE
#include "vendor/call_site_macros.h"
#endif

// Among the SDK's names, which the macros may use without their namespace. The long names of the
// arguments stay clear of variables inside the macros.
namespace spec_names {

static void SdkLog(wework_spec::vendor::LogLevel level,
                   [[maybe_unused]] const char* wework_spec_call_file,
                   [[maybe_unused]] int wework_spec_call_line,
                   [[maybe_unused]] const char* wework_spec_text) {
  switch (level) {
    case wework_spec::vendor::LogLevel::kInfo: {
#if WEWORK_SPEC_HAS_LOG_INFO
      WWSPEC_LOG_INFO("%s", wework_spec_text);
      return;
#else
      Unsupported("WWSPEC_LOG_INFO");
#endif
    }
    case wework_spec::vendor::LogLevel::kError: {
#if WEWORK_SPEC_HAS_LOG_ERROR
      WWSPEC_LOG_ERROR("%s", wework_spec_text);
      return;
#else
      Unsupported("WWSPEC_LOG_ERROR");
#endif
    }
    case wework_spec::vendor::LogLevel::kDebug: {
#if WEWORK_SPEC_HAS_LOG_DEBUG
      WWSPEC_LOG_DEBUG("%s", wework_spec_text);
      return;
#else
      Unsupported("WWSPEC_LOG_DEBUG");
#endif
    }
  }
}

}  // namespace spec_names

namespace wework_spec::vendor {

void Log(LogLevel level, const char* file, int line, const char* text) {
  spec_names::SdkLog(level, file, line, text);
}

}  // namespace wework_spec::vendor
