// The literal reading of the guide: only SpecOpenDebugMode and GenerateNotifyId are in the
// namespace.
#define STANDIN_CLASSES_BEGIN
#define STANDIN_CLASSES_END
#define STANDIN_FUNCTIONS_BEGIN \
  namespace Tencent {           \
  namespace WxWork {
#define STANDIN_FUNCTIONS_END \
  }                           \
  }
