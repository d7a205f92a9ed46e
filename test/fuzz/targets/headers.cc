// Headers on their way from JavaScript to the SDK.
#include "binding/headers.cc"

#include <list>
#include <unordered_map>

#include "support.h"

namespace {

template <typename Container>
void RequireSurvives(const wework_spec::vendor::HeaderMap& map) {
  wework_spec::vendor::Headers headers(map);
  const Container& container = headers;
  fuzz::Require(container.size() == map.size(), "every container holds all headers");
  fuzz::Require(headers.Read() == map, "headers survive the container");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = fuzz::TextOf(data, size);
  // The input as it is: the number of headers fits or not.
  try {
    wework_spec::ParseHeaders(std::string(text), static_cast<uint32_t>(size % 5));
  } catch (const wework_spec::CodedError&) {
  }

  const auto lines = fuzz::Lines(text, 2 * (size / 8 + 1));
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string joined;
  for (size_t i = 0; i + 1 < lines.size(); i += 2) {
    const std::string name(lines[i]);
    const std::string value(lines[i + 1]);
    if (name.empty() || (name + value).find('\0') != std::string::npos) continue;
    pairs.emplace_back(name, value);
    joined += name + '\0' + value + '\0';
  }
  const auto count = static_cast<uint32_t>(pairs.size());
  const wework_spec::vendor::HeaderMap map = wework_spec::ParseHeaders(joined, count);
  bool is_refused = false;
  try {
    wework_spec::ParseHeaders(joined, count + 1);
  } catch (const wework_spec::CodedError&) {
    is_refused = true;
  }
  fuzz::Require(is_refused, "a wrong number of headers is refused");
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
