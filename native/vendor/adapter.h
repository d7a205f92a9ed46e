// The SDK's interface for the rest of the addon, the same for all SDK versions. Only adapter.cc
// includes cpp_sdk.h and names the SDK's symbols; it handles the differences between versions.
#ifndef WEWORK_SPEC_VENDOR_ADAPTER_H_
#define WEWORK_SPEC_VENDOR_ADAPTER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "vendor/conversions.h"

namespace wework_spec::vendor {

// The settings of the sandbox SDK in one environment. Always null in a vendor build: the vendor's
// SDK reads what it needs by itself. Opaque, so that native/runtime can keep it.
using Settings = std::shared_ptr<const void>;

// `utc_offset` is in seconds. See sandbox_settings.h.
Settings ParseSettings(const std::map<std::string, std::string>& variables, int utc_offset);

// One request from the platform, verified and decrypted by the constructor.
//
// Owns the method, headers and body, because the SDK's object only refers to them. One thread at a
// time constructs it, builds the response and destroys it: the JavaScript thread of its
// environment, or a pool thread (see CallbackSdk). The const getters may run on several threads.
// They require IsOk().
class Callback {
 public:
  Callback(Settings settings, std::string method, HeaderMap headers, std::string body);
  ~Callback();
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  bool IsOk() const { return ok_; }
  // The texts are the SDK's own where it returns references, and are otherwise put into `storage`.
  const std::string& CorpId(std::string* storage) const;
  uint32_t AgentId() const;
  uint32_t CallType() const;
  const std::string& Data(std::string* storage) const;
  bool IsAsync() const;
  const std::string& JobInfo(std::string* storage) const;
  const std::string& AbilityId(std::string* storage) const;
  // Throws ERR_SPEC_UNSUPPORTED_BY_SDK unless SdkDescription::has_get_notify_id.
  const std::string& NotifyId(std::string* storage) const;

  void BuildResponse(const std::string& response, HeaderMap* headers, std::string* body);

  // Bytes of native memory that this object holds, including an estimate for the SDK's decrypted
  // copy.
  size_t RetainedBytes() const;

 private:
  friend class Client;
  struct Sdk;
  const Settings settings_;
  // Not const, because the SDK's signatures may take references to non-const.
  std::string method_;
  Headers headers_;
  std::string body_;
  bool ok_ = false;
  std::unique_ptr<Sdk> sdk_;  // last, so that it is destroyed before what it refers to
};

// The SDK's client object for a single call. Each call has its own, as in the vendor's samples,
// because the guides do not say whether several threads may share one. Constructed on the
// JavaScript thread, so that it reads the callback before the response is built. Invoke runs on any
// single thread. The object is destroyed on either thread.
class Client {
 public:
  Client(const Settings& settings, std::string corp_id, uint32_t agent_id, std::string ability_id,
         std::string job_info);
  // Shares ownership of the callback, because the SDK's object may refer to it. Requires IsOk().
  Client(const Settings& settings, std::shared_ptr<const Callback> callback);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Blocks until the platform responds or the SDK gives up. Returns the SDK's return value.
  int Invoke(const std::string& api_name, const std::string& request, std::string* response);

 private:
  struct Sdk;
  const std::shared_ptr<const Callback> callback_;
  // Members, because the SDK's object may refer to them, as its callback class does.
  std::string corp_id_;
  std::string ability_id_;
  std::string job_info_;
  std::unique_ptr<Sdk> sdk_;  // last, so that it is destroyed before what it refers to
};

enum class LogLevel { kInfo, kError, kDebug };

// Writes one record to the SDK's log. `text` is never used as a format. The record names `file` and
// `line` if the SDK's macros allow it (SdkDescription::has_log_call_site). Any thread.
void Log(const Settings& settings, LogLevel level, const char* file, int line, const char* text);

// Blocks until the platform responds; returns whether it opened the debug mode. Any thread.
bool OpenDebugMode(const Settings& settings, const std::string& debug_token,
                   const std::string& access_token);

std::string GenerateNotifyId();

// Throws ERR_SPEC_SANDBOX_LIBRARY if the vendor addon was loaded with the sandbox library.
void RefuseWrongLibrary();

// The SDK that the addon was compiled for.
struct SdkDescription {
  const char* name;          // "vendor" or "sandbox"
  const char* library_file;  // base name of the library that the addon was linked with
  bool cxx11_abi;            // whether std::string has the C++11 ABI
  bool has_get_notify_id;    // GetNotifyId of a request
  bool has_notify_id;        // GenerateNotifyId
  bool has_debug_mode;       // SpecOpenDebugMode
  bool has_job_info;         // whether the client takes a job_info
  bool has_log_call_site;    // whether log records name the caller's file and line
};
SdkDescription DescribeSdk();

}  // namespace wework_spec::vendor

#endif  // WEWORK_SPEC_VENDOR_ADAPTER_H_
