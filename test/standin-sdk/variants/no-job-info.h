// The client's constructor knows no job_info.
// standin: lacks job_info
#define STANDIN_NO_JOB_INFO
