// The native half of attach, isFirst, configureThreadPool and useSettings: the setup of one
// environment.
#ifndef WEWORK_SPEC_BINDING_SETUP_H_
#define WEWORK_SPEC_BINDING_SETUP_H_

#include <napi.h>

namespace wework_spec {

// (makeError, settle): the functions that native code calls.
void Attach(const Napi::CallbackInfo& info);

// Returns true once in each process: for what must not be said again in every Worker.
Napi::Value IsFirst(const Napi::CallbackInfo& info);

// (size, queueLimit) of this environment's pool.
void ConfigureThreadPool(const Napi::CallbackInfo& info);

// (variables, utcOffset): the settings of the sandbox SDK in this environment.
void UseSettings(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SETUP_H_
