// WWSPEC_LOG_INFO, _ERROR and _DEBUG.
#ifndef WEWORK_SPEC_BINDING_LOG_H_
#define WEWORK_SPEC_BINDING_LOG_H_

#include <napi.h>

namespace wework_spec {

// (level, file, line, text): level is 0 INFO, 1 ERR, 2 DBG.
void Log(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_LOG_H_
