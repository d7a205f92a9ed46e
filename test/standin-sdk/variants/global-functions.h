// The classes are in Tencent::WxWork, the functions in the global namespace.
#define STANDIN_FUNCTIONS_BEGIN
#define STANDIN_FUNCTIONS_END
