#ifndef WEWORK_SPEC_SANDBOX_REFUSALS_H_
#define WEWORK_SPEC_SANDBOX_REFUSALS_H_

namespace wework_spec_sandbox {

// Logs that a request was refused, at most five times a minute in this process; further refusals
// are counted, and the count is logged with the first one of the next minute. Anybody can send
// forged requests, and must not use up the zone's quota of log records. Any thread.
void LogRefusal(const char* reason);

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_REFUSALS_H_
