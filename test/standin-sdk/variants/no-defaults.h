// The client's constructor has no default arguments.
#define STANDIN_DEFAULT
