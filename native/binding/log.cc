#include "binding/log.h"

#include <limits>
#include <string>

#include "runtime/arguments.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"
#include "vendor/adapter.h"

namespace wework_spec {

void Log(const Napi::CallbackInfo& info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    const auto level = static_cast<vendor::LogLevel>(arguments.Integer(0, "level", 0, 2));
    const std::string file = arguments.Name(1, "file");
    const auto line =
        static_cast<int>(arguments.Integer(2, "line", 0, std::numeric_limits<int32_t>::max()));
    const std::string text = arguments.Name(3, "text");
    vendor::Log(Environment::Of(info.Env()).sdk_settings(), level, file.c_str(), line,
                text.c_str());
  });
}

}  // namespace wework_spec
