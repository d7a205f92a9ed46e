// Invoke takes two seconds longer.
#define STANDIN_SLEEP 2
