// HTTP headers between JavaScript and the SDK, which takes a map. JavaScript passes them as one
// byte string, because each string is a call of Node-API: each name and each value ends with a NUL,
// which neither can contain.
#ifndef WEWORK_SPEC_BINDING_HEADERS_H_
#define WEWORK_SPEC_BINDING_HEADERS_H_

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

// The headers of one response after the other. While their names do not change, JavaScript gets the
// values alone, so that it needs to make no strings for the names.
class HeaderWriter {
 public:
  // Writes names and values in the form above, and sets the number of `lengths` to 0. If the names
  // are those of the last call, writes the values alone, without NULs, and sets `lengths` to their
  // number and their lengths. `room` is the size of `lengths`.
  void Write(const vendor::HeaderMap& headers, std::string* text, uint32_t* lengths, size_t room);

 private:
  bool AreNames(const vendor::HeaderMap& headers) const;

  std::vector<std::string> names_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_HEADERS_H_
