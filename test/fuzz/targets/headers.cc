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

// What JavaScript does with the text, for one response after the other.
void CheckWriter(const wework_spec::vendor::HeaderMap& map) {
  static wework_spec::HeaderWriter writer;
  static std::vector<std::string> names;
  std::string text;
  uint32_t numbers[8];
  writer.Write(map, &text, numbers, 8);
  if (numbers[0] == 0) {
    fuzz::Require(wework_spec::ParseHeaders(text, static_cast<uint32_t>(map.size())) == map,
                  "names and values are sent");
    names.clear();
    for (const auto& [name, value] : map) names.push_back(name);
    return;
  }
  wework_spec::vendor::HeaderMap read;
  size_t start = 0;
  for (uint32_t i = 0; i < numbers[0]; ++i) {
    read[names[i]] = text.substr(start, numbers[i + 1]);
    start += numbers[i + 1];
  }
  fuzz::Require(read == map && start == text.size(), "values alone are sent with the same names");
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
  CheckWriter(map);
  CheckWriter(map);
  wework_spec::vendor::HeaderMap changed = map;
  if (!changed.empty()) {
    auto entry = changed.extract(changed.begin());
    entry.key().push_back('x');
    changed.insert(std::move(entry));
    CheckWriter(changed);
  }
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
