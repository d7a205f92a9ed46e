#ifndef WEWORK_SPEC_SANDBOX_LOG_H_
#define WEWORK_SPEC_SANDBOX_LOG_H_

#include <string>

namespace wework_spec_sandbox {

// Sets the req_id of the calling thread's log lines: 16 hexadecimal digits.
void SetRequestId(const std::string& id);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_LOG_H_
