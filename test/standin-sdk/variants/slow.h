// Invoke takes two seconds more.
#define STANDIN_SLEEP 2
