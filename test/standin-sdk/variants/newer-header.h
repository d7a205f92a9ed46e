// The header declares GenerateNotifyId, but the library does not define it.
// standin: lacks GenerateNotifyId
#define STANDIN_HEADER_ONLY_NOTIFY_ID
