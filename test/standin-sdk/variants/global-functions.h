// Global functions, and classes in Tencent::WxWork.
#define STANDIN_FUNCTIONS_BEGIN
#define STANDIN_FUNCTIONS_END
