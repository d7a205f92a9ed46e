// Log macros that ask the compiler for the file without __FILE__.
// standin: log-place adapter.cc
#define STANDIN_LOG(level, format, ...) \
  STANDIN_WRITE(level, __builtin_FILE(), __builtin_LINE(), format, ##__VA_ARGS__)
