// Log macros compute the file's base name once, in a static variable. With a variable in place of
// __FILE__ they would compile, but keep the name of the first call.
// standin: log-place adapter.cc
#include <cstring>
#define STANDIN_LOG(level, format, ...)                                                      \
  do {                                                                                       \
    static const char* const base =                                                          \
        std::strrchr(__FILE__, '/') != nullptr ? std::strrchr(__FILE__, '/') + 1 : __FILE__; \
    STANDIN_WRITE(level, base, __LINE__, format, ##__VA_ARGS__);                             \
  } while (0)
