// HTTP headers between JavaScript and the SDK, which takes a map. JavaScript passes them as one
// byte string, because each string is a call of Node-API: each name and each value ends with a NUL,
// which neither can contain.
#ifndef WEWORK_SPEC_BINDING_HEADERS_H_
#define WEWORK_SPEC_BINDING_HEADERS_H_

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/arguments.h"
#include "vendor/conversions.h"

namespace wework_spec {

// Reads the headers from such a string. Names that begin with `ww-` become lower case, because the
// SDK finds its headers only in that form. Values of equal names are joined with ", ", as RFC 9110
// defines it. Throws ERR_SPEC_INVALID_ARG_VALUE for a text that is not of `count` headers.
vendor::HeaderMap ParseHeaders(const std::string& text, uint32_t count);

// The same from two arguments: the byte string, and the number of headers.
vendor::HeaderMap ReadHeaders(const Arguments& arguments, size_t index, std::string* scratch);

// The headers of a response in the same form.
Napi::Value HeadersToJavaScript(Napi::Env env, const vendor::HeaderMap& headers,
                                std::string* scratch);

// Sends the values alone while the names do not change from response to response, so that
// JavaScript needs to make no strings for the names.
class HeaderValues {
 public:
  // Returns the values as one byte string and sets `lengths` to their number and their lengths, if
  // the names are those of the last call. Otherwise sets the number to 0 and returns what
  // HeadersToJavaScript does. `room` is the size of `lengths`.
  Napi::Value ToJavaScript(Napi::Env env, const vendor::HeaderMap& headers, std::string* scratch,
                           uint32_t* lengths, size_t room);

 private:
  bool AreNames(const vendor::HeaderMap& headers);

  std::vector<std::string> names_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_HEADERS_H_
