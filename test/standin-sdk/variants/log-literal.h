// Log macros that paste __FILE__ into a literal, so it cannot be given at run time.
// standin: log-place adapter.cc
#define STANDIN_LOG(level, format, ...) \
  STANDIN_WRITE(level, "" __FILE__, __LINE__, format, ##__VA_ARGS__)
