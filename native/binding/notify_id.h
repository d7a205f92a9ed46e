// The native half of GenerateNotifyId.
#ifndef WEWORK_SPEC_BINDING_NOTIFY_ID_H_
#define WEWORK_SPEC_BINDING_NOTIFY_ID_H_

#include <napi.h>

namespace wework_spec {

Napi::Value GenerateNotifyId(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_NOTIFY_ID_H_
