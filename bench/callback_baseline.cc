// The C++ baseline of bench/callback.ts: handles requests like the addon, but without Node.js.
//
//   callback_baseline FILE
//
// FILE contains requests. Each is a line with the number of headers, a line "name value" for each
// header, a line with the length of the body, and the body. Prints the microseconds per request for
// verifying, decrypting, eight getters, encrypting and signing.
#include <cpp_sdk.h>
#include <sandbox_settings.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

struct Request {
  std::map<std::string, std::string> headers;
  std::string body;
};

std::vector<Request> Read(const char* path) {
  std::ifstream file(path);
  std::vector<Request> requests;
  size_t headers = 0;
  while (file >> headers) {
    Request request;
    for (size_t i = 0; i < headers; ++i) {
      std::string name;
      std::string value;
      file >> name >> value;
      request.headers[name] = value;
    }
    size_t length = 0;
    file >> length;
    file.ignore(1);
    request.body.resize(length);
    file.read(request.body.data(), static_cast<std::streamsize>(length));
    requests.push_back(std::move(request));
  }
  return requests;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::vector<Request> requests = Read(argv[1]);
  std::map<std::string, std::string> variables;
  for (const char* name : {"WEWORK_SPEC_SANDBOX_KEY", "WEWORK_SPEC_SANDBOX_KEY_VER"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr) variables[name] = value;
  }
  const wework_spec_sandbox::SettingsScope scope(
      wework_spec_sandbox::ParseSettings(variables, std::chrono::seconds(0)));
  size_t read = 0;
  const auto start = std::chrono::steady_clock::now();
  for (const Request& request : requests) {
    // A copy, because a server has separate headers and a separate body for each request.
    const Request own = request;
    Tencent::WxWork::SpecCallbackSDK callback("POST", own.headers, own.body);
    if (!callback.IsOk()) return 1;
    read += callback.GetCorpId().size() + callback.GetAgentId() + callback.GetCallType() +
            callback.GetData().size() + callback.GetIsAsync() + callback.GetJobInfo().size() +
            callback.GetAbilityId().size() + callback.GetNotifyId().size();
    std::map<std::string, std::string> headers;
    std::string body;
    callback.BuildResponseHeaderBody(callback.GetData(), &headers, &body);
    read += body.size();
  }
  const std::chrono::duration<double, std::micro> passed = std::chrono::steady_clock::now() - start;
  std::printf("%f\n", passed.count() / static_cast<double>(requests.size()));
  return read > 0 ? 0 : 1;
}
