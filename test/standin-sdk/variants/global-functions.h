// The classes in Tencent::WxWork, the functions global.
#define STANDIN_FUNCTIONS_BEGIN
#define STANDIN_FUNCTIONS_END
