// Errors on their way from C++ to JavaScript. C++ names only a code and the facts; the texts are
// made in one place, lib/errors/index.ts, through the factory that the binding is given when it is
// loaded.
#ifndef WEWORK_SPEC_RUNTIME_ERRORS_H_
#define WEWORK_SPEC_RUNTIME_ERRORS_H_

#include <napi.h>

#include <exception>
#include <string>
#include <utility>

namespace wework_spec {

// A failure with a code of the catalogue. `subject` is what the text is about: an argument's name,
// a function.
class CodedError : public std::exception {
 public:
  CodedError(const char* code, std::string subject, std::string detail = {})
      : code_(code), subject_(std::move(subject)), detail_(std::move(detail)) {}

  const char* code() const noexcept { return code_; }
  const std::string& subject() const noexcept { return subject_; }
  const std::string& detail() const noexcept { return detail_; }
  const char* what() const noexcept override { return code_; }

 private:
  const char* code_;
  std::string subject_;
  std::string detail_;
};

// The exception being handled, as a CodedError: those of the SDK or of the standard library get a
// code here. Call only from a catch block.
CodedError CurrentException() noexcept;

// The JavaScript error for it.
Napi::Error ToJavaScript(Napi::Env env, const CodedError& error);

// Runs the body of a function that JavaScript calls. Nothing but Napi::Error leaves it:
// node-addon-api turns that into a JavaScript exception, while any other C++ exception would end
// the process.
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

#endif  // WEWORK_SPEC_RUNTIME_ERRORS_H_
