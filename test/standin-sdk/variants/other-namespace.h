// An undocumented namespace.
#define STANDIN_CLASSES_BEGIN \
  namespace wxwork {          \
  inline namespace v2 {
#define STANDIN_CLASSES_END \
  }                         \
  }
