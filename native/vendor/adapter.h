// The SDK as the rest of the glue sees it. adapter.cc is the only file that includes cpp_sdk.h and
// names the vendor's symbols; what differs between SDK versions is levelled out there.
#ifndef WEWORK_SPEC_VENDOR_ADAPTER_H_
#define WEWORK_SPEC_VENDOR_ADAPTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "vendor/conversions.h"

namespace wework_spec::vendor {

// One request from the platform, verified and decrypted when it is made.
//
// Owns the method, the headers and the body, because the SDK's object only refers to them; they
// live exactly as long as that object. Made, answered and destroyed on the JavaScript thread of its
// environment, except that the last call made from it may destroy it elsewhere after that
// environment has ended. The const getters may run on pool threads meanwhile. The getters require
// IsOk().
class Callback {
 public:
  Callback(std::string method, HeaderMap headers, std::string body);
  ~Callback();
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  bool IsOk() const { return ok_; }
  std::string CorpId() const;
  uint32_t AgentId() const;
  uint32_t CallType() const;
  std::string Data() const;
  bool IsAsync() const;
  std::string JobInfo() const;
  std::string AbilityId() const;
  std::string NotifyId() const;

  void BuildResponse(const std::string& response, HeaderMap* headers, std::string* body);

  // Bytes of native memory that this object holds, the SDK's decrypted copy included as far as it
  // is known.
  size_t RetainedBytes() const;

 private:
  friend class Client;
  struct Sdk;
  // Not const: a signature may ask for references to what can be changed.
  std::string method_;
  Headers headers_;
  std::string body_;
  bool ok_ = false;
  std::unique_ptr<Sdk> sdk_;  // last: destroyed before what it refers to
};

// The SDK's client object for one single call. A new one is made for each, as the vendor's samples
// do, because nothing says that one object may serve several threads. Made on the JavaScript
// thread, so that it reads a callback before that is answered; Invoke runs on a pool thread.
class Client {
 public:
  Client(std::string corp_id, uint32_t agent_id, std::string ability_id, std::string job_info);
  // Shares ownership of the callback: the SDK's object may keep a reference to it. Requires IsOk().
  explicit Client(std::shared_ptr<const Callback> callback);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Blocks until the platform has answered or the SDK gives up.
  int Invoke(const std::string& api_name, const std::string& request, std::string* response);

 private:
  struct Sdk;
  const std::shared_ptr<const Callback> callback_;
  // Nothing says that the SDK's object copies them; its callback class does not.
  std::string corp_id_;
  std::string ability_id_;
  std::string job_info_;
  std::unique_ptr<Sdk> sdk_;  // last: destroyed before what it may refer to
};

enum class LogLevel { kInfo, kError, kDebug };

// Hands one line to the SDK's log. `text` is data, never a format; `file` and `line` are the
// caller's where the SDK's macros allow it (see DescribeSdk).
void Log(LogLevel level, const char* file, int line, const char* text);

// Blocks until the platform has answered.
bool OpenDebugMode(const std::string& debug_token, const std::string& access_token);

std::string GenerateNotifyId();

// Throws when the loader found the sandbox library where the vendor's was expected.
void RefuseWrongLibrary();

struct SdkDescription {
  const char* name;          // "vendor" or "sandbox"
  const char* library_file;  // base name that the addon was linked against
  bool cxx11_abi;
  bool has_notify_id;
  bool has_debug_mode;
  bool has_job_info;
  bool has_log_call_site;
};
SdkDescription DescribeSdk();

}  // namespace wework_spec::vendor

#endif  // WEWORK_SPEC_VENDOR_ADAPTER_H_
