// A release before 2024-09-20.
// standin: lacks GenerateNotifyId
#define STANDIN_NO_NOTIFY_ID
