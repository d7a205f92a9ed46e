// Global objects, a background thread, and output on std::cout.
#define STANDIN_RESTLESS
