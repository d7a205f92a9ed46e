// A stand-in for the vendor's cpp_sdk.h, written for the tests of this project from the vendor's
// public guide. It is not the vendor's header and holds nothing of it. Two libraries stand behind
// it: standin_sdk.cc does what a test asks for, and standin_sandbox.cc does what the sandbox SDK
// does, so that one suite can try both.
//
// What the guide leaves open, and what releases of the SDK may differ in, are macros; a file of
// variants/ puts other values in front of this one. As it stands it is the guide's word.
#ifndef WEWORK_SPEC_TEST_STANDIN_CPP_SDK_H_
#define WEWORK_SPEC_TEST_STANDIN_CPP_SDK_H_

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

#ifndef STANDIN_CLASSES_BEGIN
#define STANDIN_CLASSES_BEGIN \
  namespace Tencent {         \
  namespace WxWork {
#define STANDIN_CLASSES_END \
  }                         \
  }
#endif
#ifndef STANDIN_FUNCTIONS_BEGIN
#define STANDIN_FUNCTIONS_BEGIN STANDIN_CLASSES_BEGIN
#define STANDIN_FUNCTIONS_END STANDIN_CLASSES_END
#endif
#ifndef STANDIN_CLIENT
#define STANDIN_CLIENT SpecSdk
#endif
#ifndef STANDIN_TEXT
#define STANDIN_TEXT const std::string&
#endif
#ifndef STANDIN_NUMBER
#define STANDIN_NUMBER uint32_t
#endif
#ifndef STANDIN_CONST
#define STANDIN_CONST const
#endif
#ifndef STANDIN_IS_OK
#define STANDIN_IS_OK IsOk
#endif
#ifndef STANDIN_HEADERS
#define STANDIN_HEADERS std::map<std::string, std::string>
#endif
// How a function takes what it fills.
#ifndef STANDIN_OUT
#define STANDIN_OUT *
#endif
#ifndef STANDIN_DEFAULT
#define STANDIN_DEFAULT = ""
#endif
#ifndef STANDIN_BASE
#define STANDIN_BASE
#endif
#ifndef STANDIN_VIRTUAL
#define STANDIN_VIRTUAL
#endif
#ifndef STANDIN_MORE_MEMBERS
#define STANDIN_MORE_MEMBERS
#endif
#ifndef STANDIN_MORE_CALLBACK_MEMBERS
#define STANDIN_MORE_CALLBACK_MEMBERS
#endif
#ifndef STANDIN_MORE_CLIENT_MEMBERS
#define STANDIN_MORE_CLIENT_MEMBERS
#endif

STANDIN_CLASSES_BEGIN

class STANDIN_CLIENT;

// Keeps references to all three, as the vendor's class is documented to do.
class SpecCallbackSDK STANDIN_BASE {
 public:
  SpecCallbackSDK(const std::string& method, const STANDIN_HEADERS& headers,
                  const std::string& post_data);
  STANDIN_VIRTUAL ~SpecCallbackSDK();

  bool STANDIN_IS_OK() STANDIN_CONST;
  STANDIN_TEXT GetCorpId() STANDIN_CONST;
  STANDIN_NUMBER GetAgentId() STANDIN_CONST;
  STANDIN_NUMBER GetCallType() STANDIN_CONST;
  STANDIN_TEXT GetData() STANDIN_CONST;
  bool GetIsAsync() STANDIN_CONST;
  STANDIN_TEXT GetJobInfo() STANDIN_CONST;
  STANDIN_TEXT GetAbilityId() STANDIN_CONST;
#ifndef STANDIN_NO_GET_NOTIFY_ID
  STANDIN_TEXT GetNotifyId() STANDIN_CONST;
#endif
  void BuildResponseHeaderBody(const std::string& rsp, STANDIN_HEADERS STANDIN_OUT headers,
                               std::string STANDIN_OUT encrypted_body);
  STANDIN_MORE_CALLBACK_MEMBERS

 private:
  friend class STANDIN_CLIENT;
  STANDIN_MORE_MEMBERS
  const std::string& Header(const char* name) const;
  const std::string& method_;
  const STANDIN_HEADERS& headers_;
  const std::string& post_data_;
  void* request_ = nullptr;
};

class STANDIN_CLIENT STANDIN_BASE {
 public:
#ifdef STANDIN_NO_JOB_INFO
  STANDIN_CLIENT(const std::string& corpid, uint32_t agentid, const std::string& ability_id);
#else
  STANDIN_CLIENT(const std::string& corpid, uint32_t agentid,
                 const std::string& ability_id STANDIN_DEFAULT,
                 const std::string& job_info STANDIN_DEFAULT);
#endif
  explicit STANDIN_CLIENT(const SpecCallbackSDK& callback);
  STANDIN_VIRTUAL ~STANDIN_CLIENT();
  int Invoke(const std::string& api_name, const std::string& req, std::string STANDIN_OUT rsp);
  STANDIN_MORE_CLIENT_MEMBERS

 private:
  STANDIN_MORE_MEMBERS
  std::string ids_;
  const SpecCallbackSDK* callback_ = nullptr;
  void* client_ = nullptr;
};

STANDIN_CLASSES_END
STANDIN_FUNCTIONS_BEGIN

#ifndef STANDIN_NO_DEBUG_MODE
bool SpecOpenDebugMode(const std::string& debug_token, const std::string& access_token);
#endif
#ifndef STANDIN_NO_NOTIFY_ID
std::string GenerateNotifyId();
#endif

STANDIN_FUNCTIONS_END

#ifndef STANDIN_NO_LOG
#ifdef STANDIN_SANDBOX
// Behind the macros; the text is complete.
extern "C" void standin_log(char level, const char* file, int line, const char* format, ...)
    __attribute__((format(printf, 4, 5)));
#define STANDIN_WRITE(level, ...) standin_log(level, __VA_ARGS__)
#else
// In the header and not in the library, so that the addon needs no symbol that the sandbox library
// lacks: a test puts that one in this one's place.
#define STANDIN_WRITE(level, file, line, format, ...) \
  (std::printf("%c %s:%d " format "\n", level, file, line, ##__VA_ARGS__), std::fflush(stdout))
#endif
#ifndef STANDIN_LOG
#define STANDIN_LOG(level, format, ...) \
  STANDIN_WRITE(level, __FILE__, __LINE__, format, ##__VA_ARGS__)
#endif
#define WWSPEC_LOG_INFO(format, ...) STANDIN_LOG('I', format, ##__VA_ARGS__)
#define WWSPEC_LOG_ERROR(format, ...) STANDIN_LOG('E', format, ##__VA_ARGS__)
#define WWSPEC_LOG_DEBUG(format, ...) STANDIN_LOG('D', format, ##__VA_ARGS__)
#endif

#endif  // WEWORK_SPEC_TEST_STANDIN_CPP_SDK_H_
