// Global objects, threads of its own, and writes to std::cout.
#define STANDIN_RESTLESS
