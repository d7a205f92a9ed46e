// Log macros are blocks with local variables that call a function without its namespace.
#define STANDIN_LOG(level, format, ...)                        \
  do {                                                         \
    const char* file = __FILE__;                               \
    const int line = __LINE__;                                 \
    const char* text = format;                                 \
    if (text != nullptr) {                                     \
      STANDIN_WRITE(level, file, line, format, ##__VA_ARGS__); \
    }                                                          \
  } while (0)
