// The tagged fields of a message's content.
#include "fields.h"

#include "support.h"

using wework_spec_sandbox::FieldReader;
using wework_spec_sandbox::FieldWriter;
using wework_spec_sandbox::Tag;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::TextOf(data, size);
  const auto fields = FieldReader::Parse(input);
  if (!fields) return 0;
  FieldWriter writer;
  for (int tag = 0; tag < 32; ++tag) {
    if (fields->Has(Tag(tag))) writer.Add(Tag(tag), fields->Text(Tag(tag)));
  }
  fuzz::Require(writer.content().size() <= input.size(), "nothing is read twice");
  const auto again = FieldReader::Parse(writer.content());
  fuzz::Require(again.has_value(), "what was read can be written and read again");
  for (int tag = 0; tag < 32; ++tag) {
    fuzz::Require(again->Text(Tag(tag)) == fields->Text(Tag(tag)), "fields survive");
  }
  return 0;
}
