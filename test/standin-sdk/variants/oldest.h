// A release before 2024-09-20, without what the guides require "the newest SDK" for. Old ABI.
// standin: compile -D_GLIBCXX_USE_CXX11_ABI=0
// standin: lacks GenerateNotifyId SpecOpenDebugMode GetNotifyId log
#define STANDIN_NO_NOTIFY_ID
#define STANDIN_NO_DEBUG_MODE
#define STANDIN_NO_GET_NOTIFY_ID
#define STANDIN_NO_LOG
