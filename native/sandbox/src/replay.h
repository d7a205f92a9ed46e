#ifndef WEWORK_SPEC_SANDBOX_REPLAY_H_
#define WEWORK_SPEC_SANDBOX_REPLAY_H_

#include <chrono>
#include <string_view>

namespace wework_spec_sandbox {

// Remembers the nonce of an authentic request, for the whole process and any thread; false when it
// was seen before. Only authentic ones: otherwise anybody could fill the memory, or burn the nonce
// of a request on its way.
bool RememberNonce(std::string_view nonce, std::chrono::seconds window);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_REPLAY_H_
