#include "binding/headers.h"

#include <strings.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "runtime/errors.h"

namespace wework_spec {
namespace {

void LowerCaseSdkHeaderName(std::string* name) {
  if (strncasecmp(name->c_str(), "ww-", 3) != 0) return;
  for (char& c : *name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

// Takes the part up to the next NUL; false if there is none.
bool NextPart(const std::string& text, size_t* start, std::string* part) {
  const size_t end = text.find('\0', *start);
  if (end == std::string::npos) return false;
  part->assign(text, *start, end - *start);
  *start = end + 1;
  return true;
}

}  // namespace

vendor::HeaderMap ReadHeaders(const Arguments& arguments, size_t index, std::string* scratch) {
  arguments.ByteString(index, "headers", scratch);
  return ParseHeaders(
      *scratch, arguments.Integer(index + 1, "count", 0, std::numeric_limits<uint32_t>::max()));
}

vendor::HeaderMap ParseHeaders(const std::string& text, uint32_t count) {
  uint32_t left = count;
  vendor::HeaderMap headers;
  size_t start = 0;
  std::string name;
  std::string value;
  for (; left > 0; --left) {
    if (!NextPart(text, &start, &name) || !NextPart(text, &start, &value)) break;
    if (name.empty()) {
      throw CodedError("ERR_SPEC_INVALID_ARG_VALUE", "headers", "must not contain an empty name");
    }
    LowerCaseSdkHeaderName(&name);
    const auto [place, is_new] = headers.try_emplace(std::move(name), std::move(value));
    // try_emplace leaves its arguments alone when the name exists.
    if (!is_new) place->second.append(", ").append(value);
  }
  if (left > 0 || start < text.size()) {
    throw CodedError("ERR_SPEC_INVALID_ARG_VALUE", "headers", "must not contain a NUL character");
  }
  return headers;
}

void HeaderWriter::Write(const vendor::HeaderMap& headers, std::string* text, uint32_t* lengths,
                         size_t room) {
  text->clear();
  lengths[0] = 0;
  if (headers.size() < room && AreNames(headers)) {
    for (const auto& [name, value] : headers) {
      lengths[++lengths[0]] = static_cast<uint32_t>(value.size());
      text->append(value);
    }
    return;
  }
  names_.clear();
  for (const auto& [name, value] : headers) {
    names_.push_back(name);
    text->append(name).push_back('\0');
    text->append(value).push_back('\0');
  }
}

bool HeaderWriter::AreNames(const vendor::HeaderMap& headers) const {
  return !headers.empty() && headers.size() == names_.size() &&
         std::equal(names_.begin(), names_.end(), headers.begin(),
                    [](const auto& name, const auto& header) { return name == header.first; });
}

}  // namespace wework_spec
