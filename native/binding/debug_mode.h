// The native half of SpecOpenDebugMode.
#ifndef WEWORK_SPEC_BINDING_DEBUG_MODE_H_
#define WEWORK_SPEC_BINDING_DEBUG_MODE_H_

#include <napi.h>

namespace wework_spec {

// (debugToken, accessToken). Returns the number of the call, whose result is a boolean.
Napi::Value SpecOpenDebugMode(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_DEBUG_MODE_H_
