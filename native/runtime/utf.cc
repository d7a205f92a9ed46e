#include "runtime/utf.h"

#include <cstdint>
#include <cstring>

namespace wework_spec {
namespace {

constexpr char16_t kReplacement = u'\xFFFD';

// Registers of SSE2 or NEON.
using Bytes = uint8_t __attribute__((vector_size(16)));
using Halves = uint16_t __attribute__((vector_size(16)));
using Eight = uint8_t __attribute__((vector_size(8)));
using Words = uint64_t __attribute__((vector_size(16)));

template <typename Vector>
Vector Load(const void* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof(vector));
  return vector;
}

template <typename Vector>
void Store(void* to, const Vector& vector) {
  std::memcpy(to, &vector, sizeof(vector));
}

bool HasBits(Bytes vector, uint8_t mask) {
  const auto words = reinterpret_cast<Words>(vector & mask);
  return (words[0] | words[1]) != 0;
}

bool HasBits(Halves vector, uint16_t mask) {
  const auto words = reinterpret_cast<Words>(vector & mask);
  return (words[0] | words[1]) != 0;
}

// The number of leading units, in steps of 32, that have no bit of `mask`.
size_t PrefixWithout(const char16_t* units, size_t count, uint16_t mask) {
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const auto all = Load<Halves>(units + i) | Load<Halves>(units + i + 8) |
                     Load<Halves>(units + i + 16) | Load<Halves>(units + i + 24);
    if (HasBits(all, mask)) break;
  }
  return i;
}

// Takes the low byte of each unit.
void Narrow(const char16_t* units, size_t count, char* out) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    Store(out + i, __builtin_convertvector(Load<Halves>(units + i), Eight));
  }
  for (; i < count; ++i) out[i] = static_cast<char>(units[i]);
}

// The number of bytes in UTF-8. Each surrogate counts as two bytes, because a pair has four.
size_t Utf8Size(const char16_t* units, size_t count) {
  size_t size = count;
  size_t i = 0;
  while (i + 8 <= count) {
    // A lane counts at most 2 for each round, so it does not overflow.
    const size_t end = count - i > 8 * 16000 ? i + 8 * 16000 : count;
    Halves more = {};
    for (; i + 8 <= end; i += 8) {
      const auto block = Load<Halves>(units + i);
      // Comparisons give -1 for true.
      more -= reinterpret_cast<Halves>(block >= 0x80);
      more -= reinterpret_cast<Halves>(block >= 0x800);
      more += reinterpret_cast<Halves>((block & 0xF800) == 0xD800);
    }
    for (size_t lane = 0; lane < 8; ++lane) size += more[lane];
  }
  for (; i < count; ++i) {
    const char16_t unit = units[i];
    if (unit >= 0x80) ++size;
    if (unit >= 0x800 && (unit & 0xF800) != 0xD800) ++size;
  }
  return size;
}

// Decodes leading characters from U+1000 to U+CFFF, most of the text of conversations: three bytes
// each, of which any continuation is valid. Returns the number of bytes.
size_t DecodeThreeByteRun(const unsigned char* data, size_t size, char16_t** out) {
  size_t i = 0;
  while (i + 4 <= size) {
    uint32_t word = 0;
    std::memcpy(&word, data + i, sizeof(word));
    // The first byte is the lowest one, on both processors.
    if ((word & 0x00C0C0F0) != 0x008080E0) break;
    const uint32_t lead = word & 0x0F;
    if (lead == 0x00 || lead > 0x0C) break;
    *(*out)++ = static_cast<char16_t>(lead << 12 | (word & 0x3F00) >> 2 | (word & 0x3F0000) >> 16);
    i += 3;
  }
  return i;
}

// Encodes leading units from U+0800 on that are no surrogates, except the last unit. Writes one
// byte more than the three of each, which the next unit overwrites. Returns the number of units.
size_t EncodeThreeByteRun(const char16_t* units, size_t count, char** out) {
  size_t i = 0;
  for (; i + 1 < count; ++i) {
    const uint32_t unit = units[i];
    if (unit < 0x800 || (unit & 0xF800) == 0xD800) break;
    const uint32_t word = 0x008080E0 | unit >> 12 | (unit << 2 & 0x3F00) | (unit << 16 & 0x3F0000);
    std::memcpy(*out, &word, sizeof(word));
    *out += 3;
  }
  return i;
}

bool IsLow(char16_t unit) { return (unit & 0xFC00) == 0xDC00; }

}  // namespace

bool IsAscii(const char* bytes, size_t size) {
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    const auto all = Load<Bytes>(bytes + i) | Load<Bytes>(bytes + i + 16) |
                     Load<Bytes>(bytes + i + 32) | Load<Bytes>(bytes + i + 48);
    if (HasBits(all, 0x80)) return false;
  }
  while (i < size && static_cast<unsigned char>(bytes[i]) < 0x80) ++i;
  return i == size;
}

size_t DecodeUtf8(const char* bytes, size_t size, char16_t* units) {
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes);
  char16_t* out = units;
  size_t i = 0;
  while (i < size) {
    const unsigned char lead = data[i];
    if (lead < 0x80) {
      if (i + 16 <= size && !HasBits(Load<Bytes>(data + i), 0x80)) {
        Store(out, __builtin_convertvector(Load<Eight>(data + i), Halves));
        Store(out + 8, __builtin_convertvector(Load<Eight>(data + i + 8), Halves));
        out += 16;
        i += 16;
      } else {
        *out++ = lead;
        ++i;
      }
      continue;
    }
    const size_t three = DecodeThreeByteRun(data + i, size - i, &out);
    if (three > 0) {
      i += three;
      continue;
    }
    ++i;
    int more = 0;
    uint32_t point = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
      point = lead & 0x1Fu;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      point = lead & 0x0Fu;
      if (lead == 0xE0) low = 0xA0;   // no overlong forms
      if (lead == 0xED) high = 0x9F;  // no surrogates
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      point = lead & 0x07u;
      if (lead == 0xF0) low = 0x90;   // no overlong forms
      if (lead == 0xF4) high = 0x8F;  // nothing above U+10FFFF
    } else {
      *out++ = kReplacement;
      continue;
    }
    while (more > 0 && i < size) {
      const unsigned char next = data[i];
      if (next < low || next > high) break;
      low = 0x80;
      high = 0xBF;
      point = (point << 6) | (next & 0x3Fu);
      ++i;
      --more;
    }
    if (more > 0) {
      *out++ = kReplacement;
    } else if (point < 0x10000) {
      *out++ = static_cast<char16_t>(point);
    } else {
      point -= 0x10000;
      *out++ = static_cast<char16_t>(0xD800 + (point >> 10));
      *out++ = static_cast<char16_t>(0xDC00 + (point & 0x3FF));
    }
  }
  return static_cast<size_t>(out - units);
}

bool EncodeUtf8(const char16_t* units, size_t count, std::string* utf8) {
  const size_t ascii = PrefixWithout(units, count, 0xFF80);
  utf8->resize(ascii + Utf8Size(units + ascii, count - ascii));
  char* out = utf8->data();
  Narrow(units, ascii, out);
  out += ascii;
  const auto put = [&out](uint32_t byte) { *out++ = static_cast<char>(byte); };
  for (size_t i = ascii; i < count; ++i) {
    const uint32_t unit = units[i];
    if (unit < 0x80) {
      put(unit);
    } else if (unit < 0x800) {
      put(0xC0 | unit >> 6);
      put(0x80 | (unit & 0x3F));
    } else if ((unit & 0xF800) != 0xD800) {
      const size_t run = EncodeThreeByteRun(units + i, count - i, &out);
      if (run > 0) {
        i += run - 1;
        continue;
      }
      put(0xE0 | unit >> 12);
      put(0x80 | (unit >> 6 & 0x3F));
      put(0x80 | (unit & 0x3F));
    } else {
      if (IsLow(units[i]) || i + 1 == count || !IsLow(units[i + 1])) return false;
      const uint32_t point = 0x10000 + ((unit & 0x3FF) << 10) + (units[++i] & 0x3FFu);
      put(0xF0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3F));
      put(0x80 | (point >> 6 & 0x3F));
      put(0x80 | (point & 0x3F));
    }
  }
  return true;
}

bool NarrowToBytes(const char16_t* units, size_t count, std::string* bytes) {
  for (size_t i = PrefixWithout(units, count, 0xFF00); i < count; ++i) {
    if (units[i] > 0xFF) return false;
  }
  bytes->resize(count);
  Narrow(units, count, bytes->data());
  return true;
}

}  // namespace wework_spec
