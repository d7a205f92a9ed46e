// Redefines __FILE__ and __LINE__ as two variables, because the SDK's log macros read them where
// they are expanded. Include it last. It is marked as a system header, since GCC has no option for
// the warning about this redefinition.
#pragma GCC system_header
#define __FILE__ wework_spec_call_file
#define __LINE__ wework_spec_call_line
