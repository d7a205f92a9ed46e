// Log macros that look for the file's base name once, in a static variable: it would compile with a
// name that differs from call to call, and keep the first.
// standin: log-place adapter.cc
#include <cstring>
#define STANDIN_LOG(level, format, ...)                                                      \
  do {                                                                                       \
    static const char* const base =                                                          \
        std::strrchr(__FILE__, '/') != nullptr ? std::strrchr(__FILE__, '/') + 1 : __FILE__; \
    STANDIN_WRITE(level, base, __LINE__, format, ##__VA_ARGS__);                             \
  } while (0)
