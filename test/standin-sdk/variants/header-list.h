// Headers as a list of pairs, filled through a reference.
#include <string>
#include <utility>
#include <vector>
using StandinHeaders = std::vector<std::pair<std::string, std::string>>;
#define STANDIN_HEADERS StandinHeaders
#define STANDIN_OUT &
