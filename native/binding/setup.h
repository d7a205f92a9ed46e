// The native half of attach and configureThreadPool: the setup of one environment.
#ifndef WEWORK_SPEC_BINDING_SETUP_H_
#define WEWORK_SPEC_BINDING_SETUP_H_

#include <napi.h>

namespace wework_spec {

// (makeError, settle): the functions that native code calls.
void Attach(const Napi::CallbackInfo& info);

// (size, queueLimit) of this environment's pool.
void ConfigureThreadPool(const Napi::CallbackInfo& info);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_SETUP_H_
