// Invoke throws an exception.
// standin: throws
#define STANDIN_THROWS
