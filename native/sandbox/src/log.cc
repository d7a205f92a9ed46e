// Log records (docs/sandbox-protocol.md, section 10). Never throws and preserves errno, so that a
// log statement does not change the program's behaviour.
#include "log.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <new>

#include "config.h"
#include "cpp_sdk.h"

namespace wework_spec_sandbox {
namespace {

constexpr size_t kRequestIdSize = 16;
constexpr size_t kCustomSize = 128;  // bytes, the limit in the vendor's guide
constexpr int kMaxFileName = 255;

thread_local char request_id[kRequestIdSize + 1] = "0000000000000000";

// A line break in a record could forge another record.
void ReplaceControlCharacters(char* begin, char* end) {
  std::replace_if(
      begin, end, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
}

const char* NameOf(Tencent::WxWork::SpecLogLevel level) {
  switch (level) {
    case Tencent::WxWork::SpecLogLevel::kError:
      return "ERR";
    case Tencent::WxWork::SpecLogLevel::kInfo:
      return "INFO";
    case Tencent::WxWork::SpecLogLevel::kDebug:
      break;
  }
  return "DBG";
}

// Keeps one descriptor open for each path that was ever configured.
int OpenLog(const std::string& path) {
  static std::mutex* const mutex = new std::mutex;
  static auto* const files = new std::map<std::string, int>;
  const std::lock_guard<std::mutex> lock(*mutex);
  const auto found = files->find(path);
  if (found != files->end()) return found->second;
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  // A failure is not cached, because the folder may be created later. Until then, records go to
  // standard output.
  if (file < 0) return STDOUT_FILENO;
  files->emplace(path, file);
  return file;
}

void WriteAll(int file, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t written = write(file, data, size);
    if (written >= 0) {
      data += written;
      size -= static_cast<size_t>(written);
    } else if (errno == EAGAIN) {
      // Standard output may be a pipe that the host has set to non-blocking.
      pollfd waiting = {file, POLLOUT, 0};
      poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

// Appends a record to the file that the platform collects. The file is opened for each record,
// because the platform may rename or remove it at any time.
void Collect(const std::string& path, const char* record, size_t size) {
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  WriteAll(file, record, size);
  close(file);
}

// A time after 1970 in the Gregorian calendar. Not gmtime_r, localtime_r and strftime, which read
// TZ from the environment.
struct DateTime {
  explicit DateTime(int64_t seconds);  // since 1970-01-01 00:00:00
  int year, month, day, hour, minute, second;
};

DateTime::DateTime(int64_t seconds) {
  constexpr int64_t kDay = 86400;
  hour = static_cast<int>(seconds % kDay / 3600);
  minute = static_cast<int>(seconds % 3600 / 60);
  second = static_cast<int>(seconds % 60);
  // Since 0000-03-01: in years that begin with March, the leap day is the last day. The calendar
  // repeats every 400 years.
  constexpr int64_t kDaysOfEra = 146097;
  const int64_t days = seconds / kDay + 719468;
  const int64_t of_era = days % kDaysOfEra;
  const int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / (kDaysOfEra - 1)) / 365;
  const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t since_march = (5 * of_year + 2) / 153;
  day = static_cast<int>(of_year - (153 * since_march + 2) / 5 + 1);
  month = static_cast<int>(since_march < 10 ? since_march + 3 : since_march - 9);
  year = static_cast<int>(days / kDaysOfEra * 400 + year_of_era + (month <= 2 ? 1 : 0));
}

// "<pid,tid>,datetime,level,req_id,"
int FormatHead(char* out, size_t size, Tencent::WxWork::SpecLogLevel level,
               std::chrono::seconds utc_offset) {
  timeval now = {};
  gettimeofday(&now, nullptr);
  const DateTime local(std::max<int64_t>(0, now.tv_sec + utc_offset.count()));
  return snprintf(out, size, "<%d,%d>,%04d-%02d-%02d %02d:%02d:%02d.%03d,%s,%s,", getpid(),
                  gettid(), local.year, local.month, local.day, local.hour, local.minute,
                  local.second, static_cast<int>(now.tv_usec / 1000), NameOf(level), request_id);
}

void Log(Tencent::WxWork::SpecLogLevel level, const char* path, int line, const char* format,
         va_list arguments) {
  const LogConfig& config = CurrentSettings()->log;
  const bool printed = static_cast<int>(level) <= config.level;
  if (!printed && config.collect.empty()) return;

  char custom[kCustomSize + 1] = "";
  if (vsnprintf(custom, sizeof(custom), format, arguments) < 0) custom[0] = '\0';

  char record[1024];  // longer than all parts together
  char* const end = record + sizeof(record);
  char* const tail = record + FormatHead(record, sizeof(record), level, config.utc_offset);
  const char* const slash = strrchr(path, '/');
  const char* const name = slash != nullptr ? slash + 1 : path;
  const int size = snprintf(tail, static_cast<size_t>(end - tail), "%.*s,%d,%s", kMaxFileName, name,
                            line, custom);
  char* const stop = tail + size;
  ReplaceControlCharacters(tail, stop);
  *stop = '\n';
  const auto record_size = static_cast<size_t>(stop + 1 - record);
  if (printed) {
    WriteAll(config.file.empty() ? STDOUT_FILENO : OpenLog(config.file), record, record_size);
  }
  // Records of every level are collected; the platform filters them (set_log_level).
  if (!config.collect.empty()) Collect(config.collect, record, record_size);
}

}  // namespace

void SetRequestId(const std::string& id) {
  if (id.size() == kRequestIdSize) memcpy(request_id, id.c_str(), sizeof(request_id));
}

}  // namespace wework_spec_sandbox

namespace Tencent {
namespace WxWork {

void SpecLog(SpecLogLevel level, const char* file, int line, const char* format, ...) {
  const int error = errno;
  va_list arguments;
  va_start(arguments, format);
  try {
    wework_spec_sandbox::Log(level, file, line, format, arguments);
  } catch (const std::bad_alloc&) {
    // Only opening a new file allocates memory; that record is lost.
  }
  va_end(arguments);
  errno = error;
}

}  // namespace WxWork
}  // namespace Tencent
