#include "vendor/adapter.h"

#include <cpp_sdk.h>
#ifdef WEWORK_SPEC_BUILD_SANDBOX
#include <sandbox_settings.h>
#endif

#include <chrono>
#include <type_traits>
#include <utility>

#include "runtime/errors.h"
#include "runtime/images.h"

#if defined(WEWORK_SPEC_SANDBOX_SDK) && !defined(WEWORK_SPEC_BUILD_SANDBOX)
#error "This is the sandbox's cpp_sdk.h. The vendor build needs the vendor's header."
#endif

// Declared so that the using-directive below compiles with an SDK that does not have it.
namespace Tencent {
namespace WxWork {}
}  // namespace Tencent

// Finds the documented names whether the SDK declares them in Tencent::WxWork, in the global
// namespace, or in another one that the build has read from the header (WEWORK_SPEC_NAMESPACE). Not
// nested in wework_spec, whose functions of the same names would hide the SDK's.
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

// Calls the function as the guide shows it, if that compiles, and otherwise with arguments that
// convert to the types of its signature. The guide's form comes first (the argument 0 prefers int
// over long), because the conversions are ambiguous for overloaded SDK functions.
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

// Chooses the form of the call as SdkBuildResponse does.
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
namespace {

#ifdef WEWORK_SPEC_BUILD_SANDBOX
// Applies the settings to the calling thread while it exists.
class SettingsScope : private wework_spec_sandbox::SettingsScope {
 public:
  explicit SettingsScope(const Settings& settings)
      : wework_spec_sandbox::SettingsScope(
            std::static_pointer_cast<const wework_spec_sandbox::Settings>(settings)) {}
};
#else
class SettingsScope {
 public:
  explicit SettingsScope(const Settings&) {}
  ~SettingsScope() {}
};
#endif

// A text of the SDK, which returns a reference to its own string, or something that converts to
// one.
template <typename Value>
const std::string& Text(Value&& value, std::string* storage) {
  if constexpr (std::is_lvalue_reference_v<Value> &&
                std::is_same_v<std::decay_t<Value>, std::string>) {
    return value;
  } else {
    *storage = std::forward<Value>(value);
    return *storage;
  }
}

}  // namespace

#ifdef WEWORK_SPEC_BUILD_SANDBOX
Settings ParseSettings(const std::map<std::string, std::string>& variables, int utc_offset) {
  return wework_spec_sandbox::ParseSettings(variables, std::chrono::seconds(utc_offset));
}
#else
Settings ParseSettings(const std::map<std::string, std::string>&, int) { return nullptr; }
#endif

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

Callback::Callback(Settings settings, std::string method, HeaderMap headers, std::string body)
    : settings_(std::move(settings)),
      method_(std::move(method)),
      headers_(std::move(headers)),
      body_(std::move(body)) {
  const SettingsScope scope(settings_);
  sdk_ = Sdk::Make(method_, headers_, body_);
  ok_ = static_cast<bool>(sdk_->object.WEWORK_SPEC_IS_OK());
}

Callback::~Callback() = default;

const std::string& Callback::CorpId(std::string* storage) const {
  return Text(sdk_->object.GetCorpId(), storage);
}
uint32_t Callback::AgentId() const { return static_cast<uint32_t>(sdk_->object.GetAgentId()); }
uint32_t Callback::CallType() const { return static_cast<uint32_t>(sdk_->object.GetCallType()); }
const std::string& Callback::Data(std::string* storage) const {
  return Text(sdk_->object.GetData(), storage);
}
bool Callback::IsAsync() const { return static_cast<bool>(sdk_->object.GetIsAsync()); }
const std::string& Callback::JobInfo(std::string* storage) const {
  return Text(sdk_->object.GetJobInfo(), storage);
}
const std::string& Callback::AbilityId(std::string* storage) const {
  return Text(sdk_->object.GetAbilityId(), storage);
}
const std::string& Callback::NotifyId(std::string* storage) const {
#if WEWORK_SPEC_HAS_GET_NOTIFY_ID
  return Text(sdk_->object.GetNotifyId(), storage);
#else
  static_cast<void>(storage);
  throw CodedError("ERR_SPEC_UNSUPPORTED_BY_SDK", "GetNotifyId");
#endif
}

void Callback::BuildResponse(const std::string& response, HeaderMap* headers, std::string* body) {
  const SettingsScope scope(settings_);
  spec_names::SdkBuildResponse(sdk_->object, response, headers, body, 0);
}

size_t Callback::RetainedBytes() const {
  size_t headers = 0;
  for (const auto& [name, value] : headers_.own()) headers += name.size() + value.size() + 96;
  // The decrypted data is about as long as the body.
  return sizeof(*this) + headers + 2 * body_.size();
}

struct Client::Sdk {
  explicit Sdk(std::unique_ptr<spec_names::SdkClient> client) : object(std::move(client)) {}
  const std::unique_ptr<spec_names::SdkClient> object;
};

Client::Client(const Settings& settings, std::string corp_id, uint32_t agent_id,
               std::string ability_id, std::string job_info)
    : corp_id_(std::move(corp_id)),
      ability_id_(std::move(ability_id)),
      job_info_(std::move(job_info)) {
  const SettingsScope scope(settings);
  const char* lacks = nullptr;
  sdk_ = std::make_unique<Sdk>(
      MakeClient<spec_names::SdkClient>(corp_id_, agent_id, ability_id_, job_info_, &lacks));
  if (lacks != nullptr) throw CodedError("ERR_SPEC_UNSUPPORTED_BY_SDK", lacks);
}

Client::Client(const Settings& settings, std::shared_ptr<const Callback> callback)
    : callback_(std::move(callback)) {
  const SettingsScope scope(settings);
  sdk_ = std::make_unique<Sdk>(MakeClientFor<spec_names::SdkClient>(callback_->sdk_->object));
}

Client::~Client() = default;

int Client::Invoke(const std::string& api_name, const std::string& request, std::string* response) {
  return spec_names::SdkInvoke(*sdk_->object, api_name, request, response, 0);
}

bool OpenDebugMode(const Settings& settings, const std::string& debug_token,
                   const std::string& access_token) {
  const SettingsScope scope(settings);
  return spec_names::SdkOpenDebugMode(debug_token, access_token);
}

std::string GenerateNotifyId() { return spec_names::SdkNotifyId(); }

SdkDescription DescribeSdk() {
  SdkDescription sdk = {};
#ifdef WEWORK_SPEC_BUILD_SANDBOX
  sdk.name = "sandbox";
#else
  sdk.name = "vendor";
#endif
  sdk.library_file = WEWORK_SPEC_SDK_LIBRARY_FILE;
#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
  sdk.cxx11_abi = true;
#endif
#if WEWORK_SPEC_HAS_GET_NOTIFY_ID
  sdk.has_get_notify_id = true;
#endif
#ifdef WEWORK_SPEC_GENERATE_NOTIFY_ID
  sdk.has_notify_id = true;
#endif
#ifdef WEWORK_SPEC_OPEN_DEBUG_MODE
  sdk.has_debug_mode = true;
#endif
  sdk.has_job_info = kTakesJobInfo<spec_names::SdkClient>;
  sdk.has_log_call_site = WEWORK_SPEC_HAS_LOG_CALL_SITE != 0;
  return sdk;
}

#ifdef WEWORK_SPEC_BUILD_SANDBOX
// A strong reference, so that the addon does not load with any other library in place of the
// sandbox's.
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

// Must come last: from here on, __FILE__ and __LINE__ are the caller's file and line in JavaScript.
#if WEWORK_SPEC_HAS_LOG_CALL_SITE
#include "vendor/call_site_macros.h"
#endif

// In this namespace, because the macros may use the SDK's names unqualified. The long parameter
// names avoid clashes with variables inside the macros.
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

void Log(const Settings& settings, LogLevel level, const char* file, int line, const char* text) {
  const SettingsScope scope(settings);
  spec_names::SdkLog(level, file, line, text);
}

}  // namespace wework_spec::vendor
