// Headers on their way from JavaScript to the SDK: names and values in turn, one on a line. This
// file has its own Arguments, because reading them from JavaScript needs Node-API.
#include "binding/headers.cc"

#include <list>
#include <unordered_map>

#include "support.h"

namespace {

std::vector<std::pair<std::string, std::string>> pairs;

template <typename Container>
void RequireSurvives(const wework_spec::vendor::HeaderMap& map) {
  wework_spec::vendor::Headers headers(map);
  const Container& container = headers;
  fuzz::Require(container.size() == map.size(), "every container holds all headers");
  fuzz::Require(headers.Read() == map, "headers survive the container");
}

}  // namespace

namespace wework_spec {

std::vector<std::pair<std::string, std::string>> Arguments::ByteStringPairs(size_t,
                                                                            const char*) const {
  return pairs;
}

}  // namespace wework_spec

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = fuzz::TextOf(data, size);
  const auto lines = fuzz::Lines(text, 2 * (size / 8 + 1));
  pairs.clear();
  for (size_t i = 0; i + 1 < lines.size(); i += 2) pairs.emplace_back(lines[i], lines[i + 1]);

  // Only the reference is stored, and the function above does not use it.
  alignas(Napi::CallbackInfo) const char none[sizeof(Napi::CallbackInfo)] = {};
  const wework_spec::Arguments arguments(reinterpret_cast<const Napi::CallbackInfo&>(none));
  const wework_spec::vendor::HeaderMap map = wework_spec::ReadHeaders(arguments, 0, "headers");
  size_t values = 0;
  for (const auto& [name, value] : map) {
    fuzz::Require(strncasecmp(name.c_str(), "ww-", 3) != 0 || name.compare(0, 3, "ww-") == 0,
                  "names of the SDK are in lower case");
    values += value.size();
  }
  for (const auto& pair : pairs) values -= pair.second.size();
  fuzz::Require(values == 2 * (pairs.size() - map.size()), "values of one name are joined");
  using Pair = std::pair<std::string, std::string>;
  RequireSurvives<wework_spec::vendor::HeaderMap>(map);
  RequireSurvives<std::unordered_map<std::string, std::string>>(map);
  RequireSurvives<std::vector<Pair>>(map);
  RequireSurvives<std::list<Pair>>(map);
  return 0;
}
