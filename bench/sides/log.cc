// The C++ side of bench/log.ts: what the SDK's own functions cost.
//
//   log info|debug|notify-id COUNT
#include "requests.h"

namespace {

size_t Repeat(const std::string& what, int count) {
  size_t done = 0;
  for (int i = 0; i < count; ++i) {
    if (what == "info") {
      WWSPEC_LOG_INFO("request %d took %d ms", i, 12);
    } else if (what == "debug") {
      WWSPEC_LOG_DEBUG("request %d took %d ms", i, 12);
    } else {
      done += Tencent::WxWork::GenerateNotifyId().empty() ? 0 : 1;
      continue;
    }
    ++done;
  }
  return done;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const wework_spec_sandbox::SettingsScope scope(bench::SettingsFromEnvironment());
  const std::string what = argv[1];
  const int count = std::atoi(argv[2]);
  Repeat(what, count / 4);
  const bench::Meter meter;
  const size_t done = Repeat(what, count);
  meter.Print(static_cast<size_t>(count), done);
}
