// Which SDK and which OpenSSL this addon runs with.
#ifndef WEWORK_SPEC_BINDING_SDK_INFO_H_
#define WEWORK_SPEC_BINDING_SDK_INFO_H_

#include <napi.h>

namespace wework_spec {

Napi::Value GetSdkInfo(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SDK_INFO_H_
