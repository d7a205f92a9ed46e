// The boundary between C++ exceptions and JavaScript errors.
#ifndef WEWORK_SPEC_RUNTIME_GUARDED_H_
#define WEWORK_SPEC_RUNTIME_GUARDED_H_

#include <napi.h>

#include "runtime/errors.h"

namespace wework_spec {

// The JavaScript error for a CodedError, created by the environment's makeError. JavaScript thread
// only.
Napi::Error ToJavaScript(Napi::Env env, const CodedError& error);

// The same for an error about an argument: `received` is the value that was passed, which
// JavaScript describes in the text. A CodedError cannot carry it, because a JavaScript value is
// valid only in its handle scope.
Napi::Error ToJavaScript(const CodedError& error, const Napi::Value& received);

// Runs the body of a function that JavaScript calls. Only Napi::Error leaves it: node-addon-api
// turns that into a JavaScript exception, while any other C++ exception would end the process.
template <typename Body>
auto Guarded(Napi::Env env, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw ToJavaScript(env, CurrentException());
  }
}

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_GUARDED_H_
