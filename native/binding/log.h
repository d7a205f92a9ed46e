// The native half of WWSPEC_LOG_INFO, WWSPEC_LOG_ERROR and WWSPEC_LOG_DEBUG.
#ifndef WEWORK_SPEC_BINDING_LOG_H_
#define WEWORK_SPEC_BINDING_LOG_H_

#include <napi.h>

namespace wework_spec {

// (level, file, line, text), with a LogLevel of native.d.ts. Runs on the calling thread.
void Log(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_LOG_H_
