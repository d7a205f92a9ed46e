// Log records (docs/sandbox-protocol.md, section 10). Never throws and preserves errno, so that a
// log statement does not change the program's behaviour.
#include "log.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <ctime>
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
int OpenLog(const char* path) {
  static std::mutex* const mutex = new std::mutex;
  static auto* const files = new std::map<std::string, int, std::less<>>;
  const std::lock_guard<std::mutex> lock(*mutex);
  const auto found = files->find(std::string_view(path));
  if (found != files->end()) return found->second;
  const int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
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
void Collect(const char* path, const char* record, size_t size) {
  const int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  WriteAll(file, record, size);
  close(file);
}

// "<pid,tid>,datetime,level,req_id,"
int FormatHead(char* out, size_t size, Tencent::WxWork::SpecLogLevel level) {
  timeval now = {};
  gettimeofday(&now, nullptr);
  tm local = {};
  localtime_r(&now.tv_sec, &local);
  char time[32];
  strftime(time, sizeof(time), "%Y-%m-%d %H:%M:%S", &local);
  return snprintf(out, size, "<%d,%d>,%s.%03d,%s,%s,", getpid(), gettid(), time,
                  static_cast<int>(now.tv_usec / 1000), NameOf(level), request_id);
}

void Log(Tencent::WxWork::SpecLogLevel level, const char* path, int line, const char* format,
         va_list arguments) {
  const LogConfig config = ReadLogConfig();
  const bool printed = static_cast<int>(level) <= config.level;
  if (!printed && config.collect == nullptr) return;

  char custom[kCustomSize + 1] = "";
  if (vsnprintf(custom, sizeof(custom), format, arguments) < 0) custom[0] = '\0';

  char record[1024];  // longer than all parts together
  char* const end = record + sizeof(record);
  char* const tail = record + FormatHead(record, sizeof(record), level);
  const char* const slash = strrchr(path, '/');
  const char* const name = slash != nullptr ? slash + 1 : path;
  const int size = snprintf(tail, static_cast<size_t>(end - tail), "%.*s,%d,%s", kMaxFileName, name,
                            line, custom);
  char* const stop = tail + size;
  ReplaceControlCharacters(tail, stop);
  *stop = '\n';
  const auto record_size = static_cast<size_t>(stop + 1 - record);
  if (printed) {
    WriteAll(config.file != nullptr ? OpenLog(config.file) : STDOUT_FILENO, record, record_size);
  }
  // Records of every level are collected; the platform filters them (set_log_level).
  if (config.collect != nullptr) Collect(config.collect, record, record_size);
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
