// The client's constructor has no parameter job_info.
// standin: lacks job_info
#define STANDIN_NO_JOB_INFO
