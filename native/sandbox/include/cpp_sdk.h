// cpp_sdk.h of the sandbox SDK: the documented surface of the vendor's C++ SDK, written anew from
// its guide ("专区程序开发指引", P99948) and from P99849 for the functions of Tencent::WxWork. It
// holds nothing of the vendor's header, which is not public. Behind it stands
// libWeWorkSpecSandbox.so, which speaks docs/sandbox-protocol.md and cannot talk to the real
// platform.
#ifndef WEWORK_SPEC_SANDBOX_CPP_SDK_H_
#define WEWORK_SPEC_SANDBOX_CPP_SDK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

// Tells this header from the vendor's; a vendor build refuses to compile when it sees it.
#define WEWORK_SPEC_SANDBOX_SDK 1

#define WEWORK_SPEC_SANDBOX_API __attribute__((visibility("default")))

// Tells this library from the vendor's at run time, whatever the file is called.
extern "C" WEWORK_SPEC_SANDBOX_API const char wework_spec_sandbox_marker[];

namespace Tencent {
namespace WxWork {

// A request from the platform: verified and decrypted by the constructor.
//
// Holds references to `headers` and `post_data`, as the vendor's class does: both must outlive it.
// The getters may be called only when IsOk(). Const members may be called from several threads.
class WEWORK_SPEC_SANDBOX_API SpecCallbackSDK {
 public:
  SpecCallbackSDK(const std::string& method, const std::map<std::string, std::string>& headers,
                  const std::string& post_data);
  ~SpecCallbackSDK();
  SpecCallbackSDK(const SpecCallbackSDK&) = delete;
  SpecCallbackSDK& operator=(const SpecCallbackSDK&) = delete;

  bool IsOk() const;

  const std::string& GetCorpId() const;
  uint32_t GetAgentId() const;
  uint32_t GetCallType() const;
  const std::string& GetData() const;
  bool GetIsAsync() const;
  const std::string& GetJobInfo() const;
  const std::string& GetAbilityId() const;
  const std::string& GetNotifyId() const;

  // Encrypts and signs the answer. When IsOk() is false the headers tell the platform of the
  // refusal, `rsp` is not used and `encrypted_body` becomes empty.
  void BuildResponseHeaderBody(const std::string& rsp, std::map<std::string, std::string>* headers,
                               std::string* encrypted_body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Calls the platform in the name of an application.
class WEWORK_SPEC_SANDBOX_API SpecSdk {
 public:
  SpecSdk(const std::string& corpid, uint32_t agentid, const std::string& ability_id = "",
          const std::string& job_info = "");
  // Holds a reference to `callback`, which must be ok and outlive this object.
  explicit SpecSdk(const SpecCallbackSDK& callback);
  ~SpecSdk();
  SpecSdk(const SpecSdk&) = delete;
  SpecSdk& operator=(const SpecSdk&) = delete;

  // Blocks until the platform has answered. Returns 0 when the exchange succeeded (then `rsp` is
  // JSON with an errcode of its own), else one of the values in docs/sandbox-protocol.md,
  // section 7.
  int Invoke(const std::string& api_name, const std::string& req, std::string* rsp);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Blocks until the platform has answered.
WEWORK_SPEC_SANDBOX_API bool SpecOpenDebugMode(const std::string& debug_token,
                                               const std::string& access_token);

WEWORK_SPEC_SANDBOX_API std::string GenerateNotifyId();

enum class SpecLogLevel { kError = 1, kInfo = 2, kDebug = 3 };

// Behind the macros below; not part of the documented surface.
WEWORK_SPEC_SANDBOX_API void SpecLog(SpecLogLevel level, const char* file, int line,
                                     const char* format, ...) __attribute__((format(printf, 4, 5)));

}  // namespace WxWork
}  // namespace Tencent

#define WWSPEC_LOG_INFO(format, ...)                                                             \
  ::Tencent::WxWork::SpecLog(::Tencent::WxWork::SpecLogLevel::kInfo, __FILE__, __LINE__, format, \
                             ##__VA_ARGS__)
#define WWSPEC_LOG_ERROR(format, ...)                                                             \
  ::Tencent::WxWork::SpecLog(::Tencent::WxWork::SpecLogLevel::kError, __FILE__, __LINE__, format, \
                             ##__VA_ARGS__)
#define WWSPEC_LOG_DEBUG(format, ...)                                                             \
  ::Tencent::WxWork::SpecLog(::Tencent::WxWork::SpecLogLevel::kDebug, __FILE__, __LINE__, format, \
                             ##__VA_ARGS__)

#endif  // WEWORK_SPEC_SANDBOX_CPP_SDK_H_
