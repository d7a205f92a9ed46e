#include "runtime/bytes.h"

#include <algorithm>
#include <cstring>

namespace wework_spec {
namespace {

// The C library copies so little without the instruction that is slow.
constexpr size_t kPiece = 1024;

}  // namespace

void CopyBytes(char* target, const char* source, size_t size) {
  for (size_t i = 0; i < size; i += kPiece) {
    std::memcpy(target + i, source + i, std::min(kPiece, size - i));
  }
}

void AppendBytes(std::string* target, const char* source, size_t size) {
  target->reserve(target->size() + size);
  for (size_t i = 0; i < size; i += kPiece) {
    target->append(source + i, std::min(kPiece, size - i));
  }
}

}  // namespace wework_spec
