// Copies of bytes whose place in memory is not known.
#ifndef WEWORK_SPEC_RUNTIME_BYTES_H_
#define WEWORK_SPEC_RUNTIME_BYTES_H_

#include <cstddef>
#include <string>

namespace wework_spec {

// Like memcpy, for bytes that JavaScript hands over. The chunks of a socket begin at any address,
// and on some processors the C library's copy of more than a few KiB takes up to 40 times as long
// when source and target are not aligned alike.
void CopyBytes(char* target, const char* source, size_t size);

// Appends with CopyBytes.
void AppendBytes(std::string* target, const char* source, size_t size);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_BYTES_H_
