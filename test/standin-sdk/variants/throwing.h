// Throws exceptions.
// standin: throws
#define STANDIN_THROWS
