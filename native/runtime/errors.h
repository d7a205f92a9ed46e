// Errors of native code. C++ throws only a code and the facts; the texts are written in one place,
// lib/errors/index.ts (see guarded.h for the way there).
#ifndef WEWORK_SPEC_RUNTIME_ERRORS_H_
#define WEWORK_SPEC_RUNTIME_ERRORS_H_

#include <exception>
#include <string>
#include <utility>

namespace wework_spec {

// A failure with a code of the catalogue. `subject` is what the text is about, for example the name
// of an argument or function; `detail` carries the facts. Holds no JavaScript values, so it may be
// thrown and stored on any thread.
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

// The exception being handled, as a CodedError. Exceptions without a code come from the library
// that was called and get one here. Call only from a catch block.
CodedError CurrentException() noexcept;

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_ERRORS_H_
