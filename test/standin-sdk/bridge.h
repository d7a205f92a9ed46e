// Gives a stand-in library access to the sandbox SDK, whose sources are compiled into it under
// another namespace. The library's own classes can then have any shape.
#ifndef WEWORK_SPEC_TEST_STANDIN_BRIDGE_H_
#define WEWORK_SPEC_TEST_STANDIN_BRIDGE_H_

#include <cstdint>
#include <map>
#include <string>

namespace standin_bridge {

using HeaderMap = std::map<std::string, std::string>;

struct Request;  // owns copies of the method, headers and body
Request* OpenRequest(const std::string& method, const HeaderMap& headers, const std::string& body);
void CloseRequest(Request* request);
bool IsOk(const Request* request);
const std::string& CorpId(const Request* request);
uint32_t AgentId(const Request* request);
uint32_t CallType(const Request* request);
const std::string& Data(const Request* request);
bool IsAsync(const Request* request);
const std::string& JobInfo(const Request* request);
const std::string& AbilityId(const Request* request);
const std::string& NotifyId(const Request* request);
void BuildResponse(Request* request, const std::string& response, HeaderMap* headers,
                   std::string* body);

struct Client;
Client* OpenClient(const std::string& corp_id, uint32_t agent_id, const std::string& ability_id,
                   const std::string& job_info);
Client* OpenClient(const Request* request);
void CloseClient(Client* client);
int Invoke(Client* client, const std::string& api_name, const std::string& request,
           std::string* response);

bool OpenDebugMode(const std::string& debug_token, const std::string& access_token);
std::string NotifyId();
void Log(char level, const char* file, int line, const char* text);

}  // namespace standin_bridge

#endif  // WEWORK_SPEC_TEST_STANDIN_BRIDGE_H_
