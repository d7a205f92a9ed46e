// Gives __FILE__ and __LINE__ the values of two variables, for the SDK's log
// macros, which take them where they are expanded. To be included last. GCC warns of it without a
// switch to turn that off, except in what it takes for a system header.
#pragma GCC system_header
#define __FILE__ wework_spec_call_file
#define __LINE__ wework_spec_call_line
