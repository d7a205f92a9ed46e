#include "openssl_use.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace wework_spec_sandbox {
namespace {

// Constant-initialized and trivially destroyed, so they can be used until the process ends.
std::atomic<int> threads_inside{0};
std::atomic<bool> exiting{false};

void WaitUntilUnused() {
  using std::chrono::milliseconds;
  exiting = true;
  // At most a second, which is longer than any single step takes: exit must finish in any case.
  for (int i = 0; i < 1000 && threads_inside != 0; ++i)
    std::this_thread::sleep_for(milliseconds(1));
}

// Exit handlers run in reverse order, so OpenSSL must register its own first. OPENSSL_init_ssl
// makes it do so; OPENSSL_init_crypto without options does not.
bool RegisterExitHandler() {
  return OPENSSL_init_ssl(0, nullptr) > 0 && std::atexit(WaitUntilUnused) == 0;
}

// Increments the counter before it reads the flag; the exit handler sets the flag before it reads
// the counter. With sequentially consistent atomics, at least one of the two sees the other.
void Enter() {
  ++threads_inside;
  if (!exiting) return;
  --threads_inside;
  for (;;) pause();
}

void Leave() { --threads_inside; }

}  // namespace

OpenSslUse::OpenSslUse() {
  static const bool registered = RegisterExitHandler();
  static_cast<void>(registered);
  Enter();
  ERR_set_mark();
}

OpenSslUse::~OpenSslUse() {
  // If there is no mark, because the queue was empty or libssl has cleared it, this empties the
  // queue.
  ERR_pop_to_mark();
  Leave();
}

OpenSslPause::OpenSslPause() { Leave(); }

OpenSslPause::~OpenSslPause() { Enter(); }

}  // namespace wework_spec_sandbox
