#include "binding/setup.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/arguments.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"
#include "vendor/adapter.h"

namespace wework_spec {
namespace {

constexpr int32_t kDay = 86400;  // in seconds

}  // namespace

void Attach(const Napi::CallbackInfo& info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    Environment::Of(info.Env())
        .Attach(arguments.Function(0, "makeError"), arguments.Function(1, "settle"));
  });
}

Napi::Value IsFirst(const Napi::CallbackInfo& info) {
  // Shared by all environments, which run on several threads.
  static std::atomic<bool> called{false};
  return Napi::Boolean::New(info.Env(), !called.exchange(true));
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

void UseSettings(const Napi::CallbackInfo& info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    std::vector<std::string> texts = arguments.BytesList(0, "variables");
    std::map<std::string, std::string> variables;
    for (size_t i = 0; i + 1 < texts.size(); i += 2) {
      variables.insert_or_assign(std::move(texts[i]), std::move(texts[i + 1]));
    }
    const int utc_offset = arguments.SignedInteger(1, "utcOffset", -kDay, kDay);
    Environment::Of(info.Env()).set_sdk_settings(vendor::ParseSettings(variables, utc_offset));
  });
}

}  // namespace wework_spec
