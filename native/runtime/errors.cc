#include "runtime/errors.h"

#include <new>

namespace wework_spec {

CodedError CurrentException() noexcept {
  try {
    throw;
  } catch (const CodedError& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {"ERR_SPEC_OUT_OF_MEMORY", "the native layer"};
  } catch (const std::exception& error) {
    return {"ERR_SPEC_SDK_EXCEPTION", "the SDK", error.what()};
  } catch (...) {
    return {"ERR_SPEC_SDK_EXCEPTION", "the SDK", "an exception that is not a std::exception"};
  }
}

}  // namespace wework_spec
