// A stand-in for the vendor's library that behaves like the sandbox SDK, with the interface of a
// variant of cpp_sdk.h. Variants can also change the behaviour:
//
//   STANDIN_RESTLESS    global objects, a background thread, and output on std::cout
//   STANDIN_THROWS      Invoke throws for the interface standin_throw
//   STANDIN_SLEEP       Invoke sleeps for so many seconds
//   STANDIN_OVERLOADS   overloads of the documented functions, which must not be called
#include <atomic>
#include <chrono>
#include <cstdarg>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bridge.h"
#include "cpp_sdk.h"

namespace {

#ifdef STANDIN_RESTLESS
// Created when the library is loaded and destroyed at exit; its thread runs until then.
class Heart {
 public:
  Heart() : thread_([this] { Beat(); }) { std::cout << "stand-in: loaded" << std::endl; }
  ~Heart() {
    alive_ = false;
    thread_.join();
    std::cout << "stand-in: unloaded" << std::endl;
  }
  void Note(const char* what) {
    if (!alive_) std::abort();
    std::cout << "stand-in: " << what << " after " << beats_ << std::endl;
  }

 private:
  void Beat() {
    std::vector<std::string> work;
    while (alive_) {
      work.assign(100, std::string(1000, 'x'));
      ++beats_;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  std::atomic<bool> alive_{true};
  std::atomic<int> beats_{0};
  std::thread thread_;
};
Heart heart;
void Note(const char* what) { heart.Note(what); }
#else
void Note(const char*) {}
#endif

standin_bridge::HeaderMap ToMap(const STANDIN_HEADERS& headers) {
  standin_bridge::HeaderMap map;
  for (const auto& entry : headers) map[entry.first] = entry.second;
  return map;
}

template <typename T>
T& Place(T& place) {
  return place;
}
template <typename T>
T& Place(T* place) {
  return *place;
}

standin_bridge::Request* Of(void* request) {
  return static_cast<standin_bridge::Request*>(request);
}
standin_bridge::Client* Connection(void* client) {
  return static_cast<standin_bridge::Client*>(client);
}

}  // namespace

STANDIN_CLASSES_BEGIN

SpecCallbackSDK::SpecCallbackSDK(const std::string& method, const STANDIN_HEADERS& headers,
                                 const std::string& post_data)
    : method_(method),
      headers_(headers),
      post_data_(post_data),
      request_(standin_bridge::OpenRequest(method, ToMap(headers), post_data)) {
  Note("request");
}

// Reads its arguments once more, to detect a binding that has freed them too early.
SpecCallbackSDK::~SpecCallbackSDK() {
  if (method_.size() + post_data_.size() + headers_.size() == 0) std::abort();
  standin_bridge::CloseRequest(Of(request_));
}

bool SpecCallbackSDK::STANDIN_IS_OK() STANDIN_CONST { return standin_bridge::IsOk(Of(request_)); }
STANDIN_TEXT SpecCallbackSDK::GetCorpId() STANDIN_CONST {
  return standin_bridge::CorpId(Of(request_));
}
STANDIN_NUMBER SpecCallbackSDK::GetAgentId() STANDIN_CONST {
  return static_cast<STANDIN_NUMBER>(standin_bridge::AgentId(Of(request_)));
}
STANDIN_NUMBER SpecCallbackSDK::GetCallType() STANDIN_CONST {
  return static_cast<STANDIN_NUMBER>(standin_bridge::CallType(Of(request_)));
}
STANDIN_TEXT SpecCallbackSDK::GetData() STANDIN_CONST { return standin_bridge::Data(Of(request_)); }
bool SpecCallbackSDK::GetIsAsync() STANDIN_CONST { return standin_bridge::IsAsync(Of(request_)); }
STANDIN_TEXT SpecCallbackSDK::GetJobInfo() STANDIN_CONST {
  return standin_bridge::JobInfo(Of(request_));
}
STANDIN_TEXT SpecCallbackSDK::GetAbilityId() STANDIN_CONST {
  return standin_bridge::AbilityId(Of(request_));
}
#ifndef STANDIN_NO_GET_NOTIFY_ID
STANDIN_TEXT SpecCallbackSDK::GetNotifyId() STANDIN_CONST {
  return standin_bridge::NotifyId(Of(request_));
}
#endif

void SpecCallbackSDK::BuildResponseHeaderBody(const std::string& rsp,
                                              STANDIN_HEADERS STANDIN_OUT headers,
                                              std::string STANDIN_OUT encrypted_body) {
  standin_bridge::HeaderMap built;
  standin_bridge::BuildResponse(Of(request_), rsp, &built, &Place(encrypted_body));
  Place(headers) = STANDIN_HEADERS(built.begin(), built.end());
}

#ifdef STANDIN_NO_JOB_INFO
STANDIN_CLIENT::STANDIN_CLIENT(const std::string& corpid, uint32_t agentid,
                               const std::string& ability_id)
    : client_(standin_bridge::OpenClient(corpid, agentid, ability_id, "")) {}
#else
STANDIN_CLIENT::STANDIN_CLIENT(const std::string& corpid, uint32_t agentid,
                               const std::string& ability_id, const std::string& job_info)
    : client_(standin_bridge::OpenClient(corpid, agentid, ability_id, job_info)) {}
#endif

STANDIN_CLIENT::STANDIN_CLIENT(const SpecCallbackSDK& callback)
    : callback_(&callback), client_(standin_bridge::OpenClient(Of(callback.request_))) {}

STANDIN_CLIENT::~STANDIN_CLIENT() { standin_bridge::CloseClient(Connection(client_)); }

int STANDIN_CLIENT::Invoke(const std::string& api_name, const std::string& req,
                           std::string STANDIN_OUT rsp) {
  Note("invoke");
#ifdef STANDIN_THROWS
  if (api_name == "standin_throw") throw std::runtime_error("stand-in: Invoke threw");
#endif
#ifdef STANDIN_SLEEP
  std::this_thread::sleep_for(std::chrono::seconds(STANDIN_SLEEP));
#endif
  return standin_bridge::Invoke(Connection(client_), api_name, req, &Place(rsp));
}

#ifdef STANDIN_OVERLOADS
using StandinOtherMap = std::unordered_map<std::string, std::string>;
static const STANDIN_HEADERS none;
SpecCallbackSDK::SpecCallbackSDK(const std::string& method, const StandinOtherMap&,
                                 const std::string& post_data)
    : method_(method), headers_(none), post_data_(post_data) {
  std::abort();
}
void SpecCallbackSDK::BuildResponseHeaderBody(const std::string&, StandinOtherMap&, std::string&) {
  std::abort();
}
int STANDIN_CLIENT::Invoke(const std::string&, const std::string&, std::string&) { std::abort(); }
#endif

STANDIN_CLASSES_END
STANDIN_FUNCTIONS_BEGIN

#ifndef STANDIN_NO_DEBUG_MODE
bool SpecOpenDebugMode(const std::string& debug_token, const std::string& access_token) {
  return standin_bridge::OpenDebugMode(debug_token, access_token);
}
#endif
#if !defined(STANDIN_NO_NOTIFY_ID) && !defined(STANDIN_HEADER_ONLY_NOTIFY_ID)
std::string GenerateNotifyId() { return standin_bridge::NotifyId(); }
#endif

STANDIN_FUNCTIONS_END

#ifndef STANDIN_NO_LOG
extern "C" void standin_log(char level, const char* file, int line, const char* format, ...) {
  char text[4096];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  standin_bridge::Log(level, file, line, text);
}
#endif
