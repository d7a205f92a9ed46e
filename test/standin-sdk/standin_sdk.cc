// A stand-in for the vendor's library, for tests only; see cpp_sdk.h. The arguments select what it
// does:
//
//   body `throw`, `throw in GetData`    the constructor or the getter throws
//   header ww-standin-ok: no            IsOk() is false
//   response `throw`                    BuildResponseHeaderBody throws
//   corpid `throw`                      the constructor of the client throws
//   Invoke `throw`, `throw int`, `throw memory`
//                                       throws a std::runtime_error, an int, a std::bad_alloc
//   Invoke `fail`                       returns -10002
//   Invoke `short`                      runs for some microseconds
//   Invoke `crash`                      installs a handler for the fault signal that the request
//                                       names, as a crash reporter does, and commits that fault
//   Invoke `print`                      writes the request to std::cout
//   Invoke `late`                       waits for the file that the request names, then reads the
//                                       callback that the client was constructed from
//   SpecOpenDebugMode `throw`           throws
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <new>
#include <stdexcept>

#include "cpp_sdk.h"

#ifdef STANDIN_OPENSSL
#include <openssl/evp.h>
#include <openssl/ssl.h>
#endif

namespace {

// A static object, which exit() destroys. A call that uses it afterwards aborts the process here;
// in the vendor's library the outcome would be undefined.
struct Statics {
  ~Statics() {
    alive = false;
    // Prolongs the exit, so that other threads run while static objects are being destroyed.
    constexpr timespec kWhile = {0, 50000000};
    nanosleep(&kWhile, nullptr);
  }
  void Use() const {
    if (!alive) std::abort();
  }
  volatile bool alive = true;
};
const Statics statics;

void WaitForFile(const std::string& path) {
  constexpr timespec kShortly = {0, 1000000};
  while (access(path.c_str(), F_OK) != 0) {
    nanosleep(&kShortly, nullptr);
    statics.Use();
  }
}

void Spin(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) statics.Use();
}

void ReportCrash(int fault) {
  char text[] = "handler of signal 00\n";
  text[sizeof(text) - 4] = static_cast<char>('0' + fault / 10);
  text[sizeof(text) - 3] = static_cast<char>('0' + fault % 10);
  if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0) _exit(1);
  _exit(21);
}

void Crash(const std::string& name) {
  volatile int zero = 0;
  const auto handle = [](int fault) {
    struct sigaction action = {};
    action.sa_handler = ReportCrash;
    sigaction(fault, &action, nullptr);
  };
  if (name == "SIGSEGV") {
    handle(SIGSEGV);
    void* const page = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *static_cast<volatile char*>(page) = 1;
  } else if (name == "SIGBUS") {
    handle(SIGBUS);
    // A page behind the end of its file.
    void* const page = mmap(nullptr, 4096, PROT_WRITE, MAP_SHARED, fileno(std::tmpfile()), 0);
    *static_cast<volatile char*>(page) = 1;
  } else if (name == "SIGFPE") {
    handle(SIGFPE);
    // Not 1: the compiler turns that division into a comparison.
    zero = 7 / zero;
  } else if (name == "SIGILL") {
    handle(SIGILL);
    __builtin_trap();
  } else if (name == "SIGABRT") {
    handle(SIGABRT);
    std::abort();
  } else if (name == "SIGTRAP") {
    handle(SIGTRAP);
    raise(SIGTRAP);
  } else if (name == "SIGSYS") {
    handle(SIGSYS);
    raise(SIGSYS);
  }
}

}  // namespace

STANDIN_CLASSES_BEGIN

SpecCallbackSDK::SpecCallbackSDK(const std::string& method, const STANDIN_HEADERS& headers,
                                 const std::string& post_data)
    : method_(method), headers_(headers), post_data_(post_data) {
  if (post_data == "throw") throw std::runtime_error("stand-in: the constructor threw");
}

// Reads its arguments once more, to detect a binding that has freed them too early.
SpecCallbackSDK::~SpecCallbackSDK() {
  if (method_.size() + post_data_.size() + headers_.size() == 0) std::abort();
}

const std::string& SpecCallbackSDK::Header(const char* name) const {
  static const std::string none;
  const auto place = headers_.find(name);
  return place == headers_.end() ? none : place->second;
}

bool SpecCallbackSDK::STANDIN_IS_OK() STANDIN_CONST { return Header("ww-standin-ok") != "no"; }
STANDIN_TEXT SpecCallbackSDK::GetCorpId() STANDIN_CONST { return Header("ww-standin-corp"); }
STANDIN_NUMBER SpecCallbackSDK::GetAgentId() STANDIN_CONST {
  return static_cast<STANDIN_NUMBER>(4294967295);
}
STANDIN_NUMBER SpecCallbackSDK::GetCallType() STANDIN_CONST { return 2; }
STANDIN_TEXT SpecCallbackSDK::GetData() STANDIN_CONST {
  if (post_data_ == "throw in GetData") throw std::runtime_error("stand-in: GetData threw");
  return post_data_;
}
bool SpecCallbackSDK::GetIsAsync() STANDIN_CONST { return true; }
STANDIN_TEXT SpecCallbackSDK::GetJobInfo() STANDIN_CONST { return Header("ww-standin-job"); }
STANDIN_TEXT SpecCallbackSDK::GetAbilityId() STANDIN_CONST { return Header("ww-standin-ability"); }
STANDIN_TEXT SpecCallbackSDK::GetNotifyId() STANDIN_CONST { return Header("ww-standin-notify"); }

void SpecCallbackSDK::BuildResponseHeaderBody(const std::string& rsp, STANDIN_HEADERS* headers,
                                              std::string* encrypted_body) {
  if (rsp == "throw") throw std::runtime_error("stand-in: BuildResponseHeaderBody threw");
  (*headers)["ww-standin-response-to"] = method_;
  *encrypted_body = "<" + rsp + ">";
#ifdef STANDIN_OPENSSL
  // Uses libcrypto and libssl, like the vendor's library.
  (*headers)["ww-standin-sha256-bytes"] = std::to_string(EVP_MD_get_size(EVP_sha256()));
  (*headers)["ww-standin-tls"] = TLS_method() == nullptr ? "no" : "yes";
#endif
}

STANDIN_CLIENT::STANDIN_CLIENT(const std::string& corpid, uint32_t agentid,
                               const std::string& ability_id, const std::string& job_info)
    : ids_(corpid + "/" + std::to_string(agentid) + "/" + ability_id + "/" + job_info) {
  if (corpid == "throw") throw std::runtime_error("stand-in: the client threw");
}

STANDIN_CLIENT::STANDIN_CLIENT(const SpecCallbackSDK& callback)
    : ids_("callback"), callback_(&callback) {}

STANDIN_CLIENT::~STANDIN_CLIENT() = default;

int STANDIN_CLIENT::Invoke(const std::string& api_name, const std::string& req, std::string* rsp) {
  statics.Use();
  if (api_name == "throw") throw std::runtime_error("stand-in: " + req);
  if (api_name == "throw int") throw 42;
  if (api_name == "throw memory") throw std::bad_alloc();
  if (api_name == "fail") return -10002;
  if (api_name == "crash") Crash(req);
  if (api_name == "short") Spin(std::chrono::microseconds(10));
  if (api_name == "print") std::cout << "std::cout: " << req << std::endl;
  if (api_name == "late") {
    WaitForFile(req);
    *rsp = callback_->method_ + " " + callback_->Header("ww-standin-corp") + " " +
           callback_->post_data_;
    statics.Use();
    return 0;
  }
  *rsp = ids_ + " " + api_name + " " + req;
  return 0;
}

STANDIN_CLASSES_END
STANDIN_FUNCTIONS_BEGIN

#ifndef STANDIN_NO_DEBUG_MODE
bool SpecOpenDebugMode(const std::string& debug_token, const std::string& access_token) {
  if (debug_token == "throw") throw std::runtime_error("stand-in: SpecOpenDebugMode threw");
  return debug_token == "right" && access_token == "right";
}
#endif
#ifndef STANDIN_NO_NOTIFY_ID
std::string GenerateNotifyId() { return "stand-in-通知"; }
#endif

STANDIN_FUNCTIONS_END
