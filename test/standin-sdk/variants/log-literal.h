// Log macros concatenate __FILE__ with a literal, so it cannot be replaced by a variable.
// standin: log-place adapter.cc
#define STANDIN_LOG(level, format, ...) \
  STANDIN_WRITE(level, "" __FILE__, __LINE__, format, ##__VA_ARGS__)
