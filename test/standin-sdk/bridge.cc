#include "bridge.h"

// The sandbox's headers; the build renames the namespace Tencent.
#include <cpp_sdk.h>
#include <sandbox_settings.h>
#include <unistd.h>

#include <ctime>
#include <string_view>

namespace standin_bridge {

namespace sdk = ::Tencent::WxWork;

// As a vendor's library, a stand-in reads the environment by itself: once, when it is loaded.
static const std::shared_ptr<const wework_spec_sandbox::Settings> settings = [] {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t stop = text.find('=');
    if (stop != text.npos) variables.emplace(text.substr(0, stop), text.substr(stop + 1));
  }
  const time_t now = time(nullptr);
  tm local = {};
  localtime_r(&now, &local);
  return wework_spec_sandbox::ParseSettings(variables, std::chrono::seconds(local.tm_gmtoff));
}();

using Scope = wework_spec_sandbox::SettingsScope;

struct Request {
  Request(const std::string& m, const HeaderMap& h, const std::string& b)
      : method(m), headers(h), body(b), object(method, headers, body) {}
  const std::string method;
  const HeaderMap headers;
  const std::string body;
  sdk::SpecCallbackSDK object;
};

Request* OpenRequest(const std::string& method, const HeaderMap& headers, const std::string& body) {
  const Scope scope(settings);
  return new Request(method, headers, body);
}
void CloseRequest(Request* request) { delete request; }
bool IsOk(const Request* request) { return request->object.IsOk(); }
const std::string& CorpId(const Request* request) { return request->object.GetCorpId(); }
uint32_t AgentId(const Request* request) { return request->object.GetAgentId(); }
uint32_t CallType(const Request* request) { return request->object.GetCallType(); }
const std::string& Data(const Request* request) { return request->object.GetData(); }
bool IsAsync(const Request* request) { return request->object.GetIsAsync(); }
const std::string& JobInfo(const Request* request) { return request->object.GetJobInfo(); }
const std::string& AbilityId(const Request* request) { return request->object.GetAbilityId(); }
const std::string& NotifyId(const Request* request) { return request->object.GetNotifyId(); }

void BuildResponse(Request* request, const std::string& response, HeaderMap* headers,
                   std::string* body) {
  const Scope scope(settings);
  request->object.BuildResponseHeaderBody(response, headers, body);
}

struct Client {
  template <typename... Arguments>
  explicit Client(const Arguments&... arguments) : object(arguments...) {}
  sdk::SpecSdk object;
};

Client* OpenClient(const std::string& corp_id, uint32_t agent_id, const std::string& ability_id,
                   const std::string& job_info) {
  const Scope scope(settings);
  return new Client(corp_id, agent_id, ability_id, job_info);
}
Client* OpenClient(const Request* request) {
  const Scope scope(settings);
  return new Client(request->object);
}
void CloseClient(Client* client) { delete client; }
int Invoke(Client* client, const std::string& api_name, const std::string& request,
           std::string* response) {
  return client->object.Invoke(api_name, request, response);
}

bool OpenDebugMode(const std::string& debug_token, const std::string& access_token) {
  const Scope scope(settings);
  return sdk::SpecOpenDebugMode(debug_token, access_token);
}
std::string NotifyId() { return sdk::GenerateNotifyId(); }

void Log(char level, const char* file, int line, const char* text) {
  const sdk::SpecLogLevel levels[] = {sdk::SpecLogLevel::kInfo, sdk::SpecLogLevel::kError,
                                      sdk::SpecLogLevel::kDebug};
  const Scope scope(settings);
  sdk::SpecLog(levels[level == 'I' ? 0 : level == 'E' ? 1 : 2], file, line, "%s", text);
}

}  // namespace standin_bridge
