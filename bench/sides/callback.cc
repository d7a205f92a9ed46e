// The C++ side of bench/callback.ts: handles requests like the addon, but without Node.js.
//
//   callback WARM-UP FILE own|chunks UNTIMED [COUNT]
//
// Handles the requests of WARM-UP and the first UNTIMED ones of FILE, and then measures the others,
// or COUNT of them.
#include "requests.h"

namespace {

size_t Handle(const bench::Request& request) {
  // Copies, because a server has separate headers and a separate body for each request.
  const std::map<std::string, std::string> headers = request.headers;
  std::string body;
  if (request.body.size() == 1) {
    body.assign(request.body[0]);
  } else {
    size_t size = 0;
    for (const std::string_view slice : request.body) size += slice.size();
    body.reserve(size);
    for (const std::string_view slice : request.body) body.append(slice);
  }
  Tencent::WxWork::SpecCallbackSDK callback("POST", headers, body);
  if (!callback.IsOk()) std::exit(1);
  const std::string& data = callback.GetData();
  const size_t read = callback.GetCorpId().size() + callback.GetAgentId() + callback.GetCallType() +
                      callback.GetIsAsync() + callback.GetJobInfo().size() +
                      callback.GetAbilityId().size() + callback.GetNotifyId().size();
  std::map<std::string, std::string> response_headers;
  std::string response;
  callback.BuildResponseHeaderBody(data, &response_headers, &response);
  return read + response_headers.size() + response.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) return 2;
  const wework_spec_sandbox::SettingsScope scope(bench::SettingsFromEnvironment());
  bench::Received received(std::string(argv[3]) == "chunks");
  const auto untimed = static_cast<size_t>(std::atoi(argv[4]));
  const std::vector<bench::Request> warm_up = bench::ReadRequests(argv[1], &received);
  const std::vector<bench::Request> requests = bench::ReadRequests(argv[2], &received);
  for (const bench::Request& request : warm_up) Handle(request);
  for (size_t i = 0; i < untimed; ++i) Handle(requests[i]);
  const size_t end =
      argc == 6 ? untimed + static_cast<size_t>(std::atoi(argv[5])) : requests.size();
  size_t check = 0;
  const bench::Meter meter;
  for (size_t i = untimed; i < end; ++i) check += Handle(requests[i]);
  meter.Print(end - untimed, check);
}
