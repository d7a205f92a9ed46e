// The content of a message: tagged fields (section 5 of docs/sandbox-protocol.md).
#ifndef WEWORK_SPEC_SANDBOX_FIELDS_H_
#define WEWORK_SPEC_SANDBOX_FIELDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wework_spec_sandbox {

enum class Tag : uint8_t {
  kCorpId = 1,
  kAgentId = 2,
  kCallType = 3,
  kData = 4,
  kIsAsync = 5,
  kJobInfo = 6,
  kAbilityId = 7,
  kNotifyId = 8,
  kApiName = 16,
  kApiRequest = 17,
  kRet = 18,
  kApiResponse = 19,
  kDebugToken = 20,
  kAccessToken = 21,
};

class FieldWriter {
 public:
  // `value` must be shorter than 4 GiB.
  void Add(Tag tag, std::string_view value);

  const std::string& content() const { return content_; }

 private:
  std::string content_;
};

// Holds views into `content`, which must outlive it.
class FieldReader {
 public:
  // Empty if the content is malformed or a field occurs twice. Unknown fields are skipped.
  static std::optional<FieldReader> Parse(std::string_view content);

  bool Has(Tag tag) const { return Field(tag).data() != nullptr; }
  // Empty if the field is absent.
  std::string_view Text(Tag tag) const { return Field(tag); }

 private:
  std::string_view Field(Tag tag) const { return fields_[static_cast<size_t>(tag)]; }

  std::array<std::string_view, 32> fields_;
};

}  // namespace wework_spec_sandbox

#endif  // WEWORK_SPEC_SANDBOX_FIELDS_H_
