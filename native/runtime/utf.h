// Conversions between UTF-8 and UTF-16. Any thread.
#ifndef WEWORK_SPEC_RUNTIME_UTF_H_
#define WEWORK_SPEC_RUNTIME_UTF_H_

#include <cstddef>
#include <string>

namespace wework_spec {

bool IsAscii(const char* bytes, size_t size);

// Decodes as TextDecoder does: the longest prefix of a valid sequence is replaced by one U+FFFD.
// `units` must have room for `size` units, because UTF-16 never needs more units than UTF-8 has
// bytes. Returns the number of units.
size_t DecodeUtf8(const char* bytes, size_t size, char16_t* units);

// Replaces the content of `utf8`, whose memory is used again. False if the units contain a lone
// surrogate, which UTF-8 cannot represent.
bool EncodeUtf8(const char16_t* units, size_t count, std::string* utf8);

// Replaces the content of `bytes` by one byte for each unit. False if a unit is above U+00FF.
bool NarrowToBytes(const char16_t* units, size_t count, std::string* bytes);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_UTF_H_
