#ifndef WEWORK_SPEC_SANDBOX_REPLAY_H_
#define WEWORK_SPEC_SANDBOX_REPLAY_H_

#include <chrono>
#include <string_view>

namespace wework_spec_sandbox {

// Remembers the nonce of an authentic request, process-wide. False if it was seen before. Any
// thread. Call it only for authentic requests. Otherwise, anybody could fill the memory, or
// invalidate a request in transit by sending its nonce first.
bool RememberNonce(std::string_view nonce, std::chrono::seconds window);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_REPLAY_H_
