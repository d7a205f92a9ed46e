// The C++ side of bench/invoke.ts: a pool of threads that call Invoke.
//
//   invoke_pool THREADS CALLS
//
// Prints the calls per second and the CPU time in microseconds for a call.
#include <atomic>
#include <thread>

#include "requests.h"

namespace {

double CpuMicroseconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

void Call(int threads, int calls, Tencent::WxWork::SpecSdk* sdk) {
  std::atomic<int> left{calls};
  std::vector<std::thread> pool;
  for (int i = 0; i < threads; ++i) {
    pool.emplace_back([&] {
      while (left.fetch_sub(1) > 0) {
        std::string response;
        if (sdk->Invoke("spec_notify_app", "{\"notify_id\":\"bench\"}", &response) != 0) {
          std::fprintf(stderr, "invoke_pool: a call failed\n");
          std::exit(1);
        }
      }
    });
  }
  for (std::thread& thread : pool) thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int threads = std::atoi(argv[1]);
  const int calls = std::atoi(argv[2]);
  const wework_spec_sandbox::SettingsScope scope(bench::SettingsFromEnvironment());
  Tencent::WxWork::SpecSdk sdk("ww-bench", 1);
  Call(threads, threads, &sdk);
  const double cpu = CpuMicroseconds();
  const auto start = std::chrono::steady_clock::now();
  Call(threads, calls, &sdk);
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  std::printf("{\"rate\":%f,\"cpu\":%f}\n", calls / passed.count(),
              (CpuMicroseconds() - cpu) / calls);
}
