// The native half of GetSdkInfo: the SDK, the OpenSSL and the thread pool of this environment.
#ifndef WEWORK_SPEC_BINDING_SDK_INFO_H_
#define WEWORK_SPEC_BINDING_SDK_INFO_H_

#include <napi.h>

namespace wework_spec {

// Returns the SdkInfo of native.d.ts.
Napi::Value GetSdkInfo(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SDK_INFO_H_
