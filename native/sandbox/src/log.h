#ifndef WEWORK_SPEC_SANDBOX_LOG_H_
#define WEWORK_SPEC_SANDBOX_LOG_H_

#include <string>

namespace wework_spec_sandbox {

// Sets the req_id of the calling thread's log records. Ignored unless it has 16 characters.
void SetRequestId(const std::string& id);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_LOG_H_
