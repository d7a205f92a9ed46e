// A stand-in for the vendor's cpp_sdk.h, written for the tests of this project from the vendor's
// public guide. It is not the vendor's header and holds nothing of it. It verifies and encrypts
// nothing: it does what the tests ask for, so that the binding can be tried against SDKs that look
// and behave differently. See standin_sdk.cc.
//
// The test puts switches in front of it:
//
// STANDIN_GLOBAL: no namespace, the class is SpecSDK, getters are not const and return copies.
//
// STANDIN_OLD: neither GenerateNotifyId nor SpecOpenDebugMode.
//
// STANDIN_LITERAL_LOG: the log macros paste __FILE__ into a literal, so it cannot be given at run
// time.
#ifndef WEWORK_SPEC_TEST_STANDIN_CPP_SDK_H_
#define WEWORK_SPEC_TEST_STANDIN_CPP_SDK_H_

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

#ifdef STANDIN_GLOBAL
#define STANDIN_CLIENT SpecSDK
#define STANDIN_CONST
using StandinText = std::string;
using StandinNumber = int64_t;
#else
#define STANDIN_CLIENT SpecSdk
#define STANDIN_CONST const
namespace Tencent {
namespace WxWork {
using StandinText = const std::string&;
using StandinNumber = uint32_t;
#endif

class STANDIN_CLIENT;

// Keeps references to all three, as the vendor's class is documented to do.
class SpecCallbackSDK {
 public:
  SpecCallbackSDK(const std::string& method, const std::map<std::string, std::string>& headers,
                  const std::string& post_data);
  ~SpecCallbackSDK();

  bool IsOk() STANDIN_CONST;
  StandinText GetCorpId() STANDIN_CONST;
  StandinNumber GetAgentId() STANDIN_CONST;
  StandinNumber GetCallType() STANDIN_CONST;
  StandinText GetData() STANDIN_CONST;
  bool GetIsAsync() STANDIN_CONST;
  StandinText GetJobInfo() STANDIN_CONST;
  StandinText GetAbilityId() STANDIN_CONST;
  StandinText GetNotifyId() STANDIN_CONST;
  void BuildResponseHeaderBody(const std::string& rsp, std::map<std::string, std::string>* headers,
                               std::string* encrypted_body);

 private:
  friend class STANDIN_CLIENT;
  const std::string& Header(const char* name) const;
  const std::string& method_;
  const std::map<std::string, std::string>& headers_;
  const std::string& post_data_;
};

class STANDIN_CLIENT {
 public:
  STANDIN_CLIENT(const std::string& corpid, uint32_t agentid, const std::string& ability_id,
                 const std::string& job_info);
  explicit STANDIN_CLIENT(const SpecCallbackSDK& callback);
  ~STANDIN_CLIENT();
  int Invoke(const std::string& api_name, const std::string& req, std::string* rsp);

 private:
  const std::string ids_;
  const SpecCallbackSDK* const callback_ = nullptr;
};

#ifndef STANDIN_OLD
bool SpecOpenDebugMode(const std::string& debug_token, const std::string& access_token);
std::string GenerateNotifyId();
#endif

#ifndef STANDIN_GLOBAL
}  // namespace WxWork
}  // namespace Tencent
#endif

// In the header and not in the library, so that the addon needs no symbol that the sandbox library
// lacks: the test puts that one in this one's place.
#ifdef STANDIN_LITERAL_LOG
#define STANDIN_LOG(level, format, ...) \
  (std::printf(level " " __FILE__ " " format "\n", ##__VA_ARGS__), std::fflush(stdout))
#else
#define STANDIN_LOG(level, format, ...)                                            \
  (std::printf("%s %s:%d " format "\n", level, __FILE__, __LINE__, ##__VA_ARGS__), \
   std::fflush(stdout))
#endif
#define WWSPEC_LOG_INFO(format, ...) STANDIN_LOG("INFO", format, ##__VA_ARGS__)
#define WWSPEC_LOG_ERROR(format, ...) STANDIN_LOG("ERR", format, ##__VA_ARGS__)
#define WWSPEC_LOG_DEBUG(format, ...) STANDIN_LOG("DBG", format, ##__VA_ARGS__)

#endif  // WEWORK_SPEC_TEST_STANDIN_CPP_SDK_H_
