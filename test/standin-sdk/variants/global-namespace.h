// Everything in the global namespace, and the client is called SpecSDK, as in the heading of the
// sample's page.
#define STANDIN_CLASSES_BEGIN
#define STANDIN_CLASSES_END
#define STANDIN_CLIENT SpecSDK
