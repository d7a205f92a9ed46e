#include "platform.h"

#include <array>
#include <optional>
#include <string_view>

#include "crypto.h"
#include "decimal.h"
#include "message.h"
#include "transport.h"

namespace wework_spec_sandbox {
namespace {

int RetOf(Transport outcome) {
  switch (outcome) {
    case Transport::kOk:
      return kRetOk;
    case Transport::kNetwork:
      return kRetNetwork;
    case Transport::kHttp:
      return kRetHttp;
    case Transport::kInternal:
      break;
  }
  return kRetInternal;
}

// Splits off the parts that precede the body of a result.
std::optional<Envelope> SplitResult(std::string_view* text) {
  std::array<std::string_view, 4> parts;
  for (std::string_view& part : parts) {
    const size_t stop = text->find('.');
    if (stop == std::string_view::npos) return std::nullopt;
    part = text->substr(0, stop);
    text->remove_prefix(stop + 1);
  }
  return Envelope::Parse(parts[0], parts[1], parts[2], parts[3]);
}

std::optional<int> ParseRet(std::string_view text) {
  if (text == "0") return 0;
  if (text.empty() || text.front() != '-') return std::nullopt;
  const std::optional<uint64_t> value = ParseDecimal(text.substr(1), 10001, 10009);
  if (!value || *value == 10007) return std::nullopt;
  return -static_cast<int>(*value);
}

int OpenResult(const Config& config, const char* path, const std::string& invoke_nonce,
               std::string_view text, std::string* response) {
  const std::optional<Envelope> envelope = SplitResult(&text);
  if (!envelope) return kRetSignature;
  if (envelope->key_version != config.keys->version()) return kRetKeyVersion;
  Opener opener(*config.keys, {Direction::kResult, path, invoke_nonce}, *envelope, text);
  if (!envelope->IsTimely(config.window) || !opener.IsAuthentic()) return kRetSignature;
  const std::optional<std::string_view> content = opener.Open();
  if (!content) return kRetDecryption;
  const std::optional<FieldReader> fields = FieldReader::Parse(*content);
  if (!fields) return kRetDecryption;
  const std::optional<int> ret = ParseRet(fields->Text(Tag::kRet));
  if (!ret) return kRetDecryption;
  *response = fields->Text(Tag::kApiResponse);
  return *ret;
}

}  // namespace

bool IsConfigured(const Config& config) { return config.keys != nullptr && !config.host.empty(); }

int CallPlatform(const Config& config, const char* path, const FieldWriter& fields,
                 std::string* response) {
  const std::optional<Message> invoke =
      Seal(*config.keys, {Direction::kInvoke, path, ""}, fields.content());
  if (!invoke) return kRetInternal;
  std::string result;
  const int ret = RetOf(Post(config, path, *invoke, &result));
  return ret == kRetOk ? OpenResult(config, path, invoke->nonce, result, response) : ret;
}

}  // namespace wework_spec_sandbox
