// cpp_sdk.h of the sandbox SDK: the documented interface of the vendor's C++ SDK, written from the
// vendor's public guides alone: https://developer.work.weixin.qq.com/document/path/99948
// (专区程序开发指引) and, for the functions of Tencent::WxWork,
// https://developer.work.weixin.qq.com/document/path/99849. Nothing is copied from the vendor's
// header, which is not public. libWeWorkSpecSandbox.so implements it; it uses the protocol of
// docs/sandbox-protocol.md and cannot connect to the real platform.
#ifndef WEWORK_SPEC_SANDBOX_CPP_SDK_H_
#define WEWORK_SPEC_SANDBOX_CPP_SDK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

// Identifies this header: a vendor build fails to compile with it.
#define WEWORK_SPEC_SANDBOX_SDK 1

#define WEWORK_SPEC_SANDBOX_API __attribute__((visibility("default")))

// Identifies this library at run time, whatever its file name is.
extern "C" WEWORK_SPEC_SANDBOX_API const char wework_spec_sandbox_marker[];

namespace Tencent {
namespace WxWork {

// A request from the platform, verified and decrypted by the constructor.
//
// Refers to `headers` and `post_data`, as the vendor's class does: both must outlive it. The
// getters require IsOk(). Const members may be called from several threads at once.
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

  // Encrypts and signs the response. If IsOk() is false, the headers report to the platform that
  // the request was refused, `rsp` is ignored and `encrypted_body` becomes empty.
  void BuildResponseHeaderBody(const std::string& rsp, std::map<std::string, std::string>* headers,
                               std::string* encrypted_body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Calls the platform on behalf of an application.
class WEWORK_SPEC_SANDBOX_API SpecSdk {
 public:
  SpecSdk(const std::string& corpid, uint32_t agentid, const std::string& ability_id = "",
          const std::string& job_info = "");
  // Refers to `callback`, which must outlive this object. Requires callback.IsOk().
  explicit SpecSdk(const SpecCallbackSDK& callback);
  ~SpecSdk();
  SpecSdk(const SpecSdk&) = delete;
  SpecSdk& operator=(const SpecSdk&) = delete;

  // Blocks until the platform responds. Returns 0 if the exchange succeeded; `rsp` is then JSON
  // with an errcode of its own. Otherwise returns a value of docs/sandbox-protocol.md, section 7.
  // May be called from several threads at once.
  int Invoke(const std::string& api_name, const std::string& req, std::string* rsp);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Blocks until the platform responds; returns whether it opened the debug mode.
WEWORK_SPEC_SANDBOX_API bool SpecOpenDebugMode(const std::string& debug_token,
                                               const std::string& access_token);

WEWORK_SPEC_SANDBOX_API std::string GenerateNotifyId();

enum class SpecLogLevel { kError = 1, kInfo = 2, kDebug = 3 };

// Called by the macros below; not part of the documented interface.
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
