// The header declares GenerateNotifyId, and the library that came with it does not define it.
// standin: lacks GenerateNotifyId
#define STANDIN_HEADER_ONLY_NOTIFY_ID
