// Headers are a list of pairs, and output parameters are references.
#include <string>
#include <utility>
#include <vector>
using StandinHeaders = std::vector<std::pair<std::string, std::string>>;
#define STANDIN_HEADERS StandinHeaders
#define STANDIN_OUT &
