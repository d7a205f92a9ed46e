#include "binding/headers.h"

#include <strings.h>

#include <cstdint>
#include <string>
#include <utility>

#include "runtime/strings.h"

namespace wework_spec {
namespace {

void LowerCaseSdkHeaderName(std::string* name) {
  if (strncasecmp(name->c_str(), "ww-", 3) != 0) return;
  for (char& c : *name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

}  // namespace

vendor::HeaderMap ReadHeaders(const Arguments& arguments, size_t index, const char* name) {
  vendor::HeaderMap headers;
  for (auto& [header, value] : arguments.ByteStringPairs(index, name)) {
    LowerCaseSdkHeaderName(&header);
    const auto [place, is_new] = headers.try_emplace(std::move(header), std::move(value));
    // try_emplace leaves its arguments alone when the name exists.
    if (!is_new) place->second.append(", ").append(value);
  }
  return headers;
}

Napi::Array HeadersToJavaScript(Napi::Env env, const vendor::HeaderMap& headers) {
  const Napi::Array flat = Napi::Array::New(env, headers.size() * 2);
  uint32_t i = 0;
  for (const auto& [name, value] : headers) {
    flat.Set(i++, ByteStringToJavaScript(env, name));
    flat.Set(i++, ByteStringToJavaScript(env, value));
  }
  return flat;
}

}  // namespace wework_spec
