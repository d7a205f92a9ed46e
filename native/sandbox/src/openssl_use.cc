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

// Constant-initialized and trivially destroyed: good until the process is gone.
std::atomic<int> inside{0};
std::atomic<bool> exiting{false};

void WaitUntilNobodyIsInside() {
  using std::chrono::milliseconds;
  exiting = true;
  // Longer than any single step takes; an exit must come to its end in any case.
  for (int i = 0; i < 1000 && inside != 0; ++i) std::this_thread::sleep_for(milliseconds(1));
}

// Handlers run in reverse order, so OpenSSL must have registered its own before.
// (OPENSSL_init_crypto with no options does nothing at all.)
bool RegisterExitHandler() {
  return OPENSSL_init_ssl(0, nullptr) > 0 && std::atexit(WaitUntilNobodyIsInside) == 0;
}

// Counts first and looks then, as the handler does the other way round: with sequentially
// consistent atomics at least one of the two sees the other.
void Enter() {
  ++inside;
  if (!exiting) return;
  --inside;
  for (;;) pause();
}

void Leave() { --inside; }

}  // namespace

OpenSslUse::OpenSslUse() {
  static const bool registered = RegisterExitHandler();
  static_cast<void>(registered);
  Enter();
  ERR_set_mark();
}

OpenSslUse::~OpenSslUse() {
  // Without a mark, because the queue was empty or because libssl cleared it, this empties the
  // queue.
  ERR_pop_to_mark();
  Leave();
}

OpenSslPause::OpenSslPause() { Leave(); }

OpenSslPause::~OpenSslPause() { Enter(); }

}  // namespace wework_spec_sandbox
