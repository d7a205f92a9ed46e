#include "binding/notify_id.h"

#include "runtime/guarded.h"
#include "runtime/strings.h"
#include "vendor/adapter.h"

namespace wework_spec {

Napi::Value GenerateNotifyId(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(),
                 [&] { return Utf8ToJavaScript(info.Env(), vendor::GenerateNotifyId()); });
}

}  // namespace wework_spec
