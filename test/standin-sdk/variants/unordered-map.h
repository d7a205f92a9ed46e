// Headers are an unordered map.
#include <string>
#include <unordered_map>
using StandinHeaders = std::unordered_map<std::string, std::string>;
#define STANDIN_HEADERS StandinHeaders
