// HTTP headers between JavaScript, which passes them as [name, value, name, value, …], and the SDK,
// which takes a map.
#ifndef WEWORK_SPEC_BINDING_HEADERS_H_
#define WEWORK_SPEC_BINDING_HEADERS_H_

#include <napi.h>

#include "runtime/arguments.h"
#include "vendor/conversions.h"

namespace wework_spec {

// Reads the headers from an argument. Names that begin with `ww-` become lower case, because the
// SDK finds its headers only in that form. Values of equal names are joined with ", ", as RFC 9110
// defines it.
vendor::HeaderMap ReadHeaders(const Arguments& arguments, size_t index, const char* name);

Napi::Array HeadersToJavaScript(Napi::Env env, const vendor::HeaderMap& headers);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_HEADERS_H_
