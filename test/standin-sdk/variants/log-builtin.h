// Log macros use compiler builtins instead of __FILE__ and __LINE__.
// standin: log-place adapter.cc
#define STANDIN_LOG(level, format, ...) \
  STANDIN_WRITE(level, __builtin_FILE(), __builtin_LINE(), format, ##__VA_ARGS__)
