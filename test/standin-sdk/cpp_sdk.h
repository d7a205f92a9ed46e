// A stand-in for the vendor's cpp_sdk.h, written for the tests of this project from the vendor's
// public guide. It is not the vendor's header and contains nothing of it. Two libraries implement
// it: standin_sdk.cc does what a test asks for, and standin_sandbox.cc behaves like the sandbox
// SDK, so one test suite can run against both.
//
// Macros stand for what the guide leaves open and for what may differ between SDK releases. The
// files in variants/ define them differently; the defaults follow the guide.
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
// Output parameters: pointers, or & for references.
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

// Refers to all three arguments, as is documented for the vendor's class.
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
// Called by the macros.
extern "C" void standin_log(char level, const char* file, int line, const char* format, ...)
    __attribute__((format(printf, 4, 5)));
#define STANDIN_WRITE(level, ...) standin_log(level, __VA_ARGS__)
#else
// Implemented in the header, because a test loads the addon with the sandbox library instead of
// this one: the addon must not need a symbol that the sandbox library does not have.
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
