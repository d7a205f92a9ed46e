// A map with a custom comparison, which makes it another type than std::map's default.
#include <strings.h>

#include <map>
#include <string>
struct StandinLess {
  bool operator()(const std::string& a, const std::string& b) const {
    return strcasecmp(a.c_str(), b.c_str()) < 0;
  }
};
using StandinHeaders = std::map<std::string, std::string, StandinLess>;
#define STANDIN_HEADERS StandinHeaders
