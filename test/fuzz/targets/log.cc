// Log records. The linker gives this file the calls of write.
#include <unistd.h>

#include "cpp_sdk.h"
#include "support.h"

using Tencent::WxWork::SpecLog;
using Tencent::WxWork::SpecLogLevel;

namespace {

std::string record;

}  // namespace

extern "C" ssize_t __wrap_write(int, const void* data, size_t size) {
  record.append(static_cast<const char*>(data), size);
  return static_cast<ssize_t>(size);
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  fuzz::UseSettings("3");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  const auto level = SpecLogLevel(input.ConsumeIntegralInRange(1, 3));
  const auto line = input.ConsumeIntegral<int>();
  const std::string file = input.ConsumeRandomLengthString(1024);
  const std::string text = input.ConsumeRemainingBytesAsString();

  record.clear();
  SpecLog(level, file.c_str(), line, "%s", text.c_str());
  fuzz::Require(!record.empty() && record.back() == '\n', "a record ends with a line break");
  record.pop_back();
  for (const char c : record) {
    fuzz::Require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a record is one line");
  }
  fuzz::Require(record.size() < 1024, "a record has a limit");
  return 0;
}
