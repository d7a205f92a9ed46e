// A library to preload: reports each secret that a freed block of memory still holds. The secrets
// are the environment variable FREED_SECRETS: hexadecimal, separated by commas.
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atomic>

extern "C" void __libc_free(void* block);

namespace {

struct Secret {
  char bytes[64];
  size_t size;
};

Secret secrets[8];
std::atomic<int> count{0};

int DigitOf(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

__attribute__((constructor)) void ReadSecrets() {
  const char* text = getenv("FREED_SECRETS");
  if (text == nullptr) return;
  int index = 0;
  for (; *text != '\0' && index < 8; ++index) {
    Secret& secret = secrets[index];
    for (; *text != '\0' && *text != ',' && secret.size < sizeof(secret.bytes); text += 2) {
      secret.bytes[secret.size++] = static_cast<char>(DigitOf(text[0]) * 16 + DigitOf(text[1]));
    }
    if (*text == ',') ++text;
  }
  count = index;
}

}  // namespace

extern "C" void free(void* block) {
  if (block != nullptr) {
    for (int i = 0; i < count; ++i) {
      if (memmem(block, malloc_usable_size(block), secrets[i].bytes, secrets[i].size) == nullptr) {
        continue;
      }
      const char line[] = {'f', 'r', 'e', 'e', 'd', ' ', static_cast<char>('0' + i), '\n'};
      if (write(STDERR_FILENO, line, sizeof(line)) < 0) abort();
    }
  }
  __libc_free(block);
}
