#include "binding/setup.h"

#include <limits>

#include "runtime/arguments.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"

namespace wework_spec {

void Attach(const Napi::CallbackInfo& info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    Environment::Of(info.Env())
        .Attach(arguments.Function(0, "makeError"), arguments.Function(1, "settle"));
  });
}

void ConfigureThreadPool(const Napi::CallbackInfo& info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    Environment::Of(info.Env())
        .calls()
        .SetLimits(
            {arguments.Integer(0, "options.size", 1, 256),
             arguments.Integer(1, "options.queueLimit", 0, std::numeric_limits<int32_t>::max())});
  });
}

}  // namespace wework_spec
