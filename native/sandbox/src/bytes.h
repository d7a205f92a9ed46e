#ifndef WEWORK_SPEC_SANDBOX_BYTES_H_
#define WEWORK_SPEC_SANDBOX_BYTES_H_

#include <string>
#include <string_view>

namespace wework_spec_sandbox {

// OpenSSL takes bytes as unsigned char.
inline const unsigned char* Data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

inline unsigned char* Data(std::string* text) {
  return reinterpret_cast<unsigned char*>(text->data());
}

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_BYTES_H_
