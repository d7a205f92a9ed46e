// Preloaded into a program: counts the calls that change files below a folder, makes chosen ones
// fail, and records all of them. Environment variables:
//
//   IO_FAULTS_ROOT    the folder; must exist
//   IO_FAULTS_STATE   file of `kKinds + 1` 64-bit numbers: calls of each kind, injected faults
//   IO_FAULTS_PLAN    <kind>:<n>:<action>:<count>, for example write:17:ENOSPC:1
//                     count: how many calls fail, from the n-th on; 0: all
//                     action: a name of errno.h, `short` (half a write), `kill` (SIGKILL before)
//   IO_FAULTS_RECORD  file to which the changes of all processes are appended, in order
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

enum Kind { kOpen, kRead, kWrite, kSync, kTruncate, kRename, kUnlink, kMkdir, kKinds };
const char* const kKindNames[] = {"open",     "read",   "write",  "sync",
                                  "truncate", "rename", "unlink", "mkdir"};

constexpr int kShort = -1;
constexpr int kFull = -2;
constexpr int kKill = -3;

struct {
  // Whether calls of every kind count, instead of one kind.
  bool any = false;
  int kind = -1;
  uint64_t first = 0;
  // 0: all calls from the first one on.
  uint64_t count = 0;
  int action = 0;
} plan;

constexpr int kFiles = 4096;
struct File {
  // 0: not below the folder.
  ino_t inode;
  dev_t device;
  char* folder;
};
File files[kFiles];

const char* root = nullptr;
size_t root_length = 0;
uint64_t* state = nullptr;
int record = -1;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

template <typename Function>
Function Next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void Fail(const char* what) {
  dprintf(2, "io-faults: %s: %s\n", what, strerror(errno));
  _exit(99);
}

int ActionOf(const char* name) {
  static const struct {
    const char* name;
    int action;
  } actions[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},      {"EMFILE", EMFILE}, {"EDQUOT", EDQUOT},
                 {"EACCES", EACCES}, {"short", kShort}, {"full", kFull},    {"kill", kKill}};
  for (const auto& known : actions) {
    if (strcmp(known.name, name) == 0) return known.action;
  }
  errno = EINVAL;
  Fail(name);
  return 0;
}

void ReadPlan(const char* text) {
  char kind[16];
  char action[16];
  unsigned long long first;
  unsigned long long count;
  if (sscanf(text, "%15[a-z]:%llu:%15[A-Za-z]:%llu", kind, &first, action, &count) != 4) Fail(text);
  plan.any = strcmp(kind, "any") == 0;
  for (int i = 0; i < kKinds; ++i) {
    if (strcmp(kind, kKindNames[i]) == 0) plan.kind = i;
  }
  plan.first = first;
  plan.count = count;
  plan.action = ActionOf(action);
  // Any other call has no half.
  bool is_known = plan.any ? plan.action == kKill : plan.kind >= 0;
  bool is_for_writes = plan.action == kShort || plan.action == kFull;
  if (!is_known || (is_for_writes && plan.kind != kWrite)) {
    errno = EINVAL;
    Fail(text);
  }
}

__attribute__((constructor)) void Begin() {
  const char* folder = getenv("IO_FAULTS_ROOT");
  const char* state_file = getenv("IO_FAULTS_STATE");
  if (folder == nullptr || state_file == nullptr) return;
  int file = static_cast<int>(
      syscall(SYS_openat, AT_FDCWD, state_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  constexpr size_t size = (kKinds + 1) * sizeof(uint64_t);
  if (file < 0 || syscall(SYS_ftruncate, file, size) != 0) Fail(state_file);
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) Fail("mmap");
  state = static_cast<uint64_t*>(memory);
  syscall(SYS_close, file);
  const char* text = getenv("IO_FAULTS_PLAN");
  if (text != nullptr && *text != '\0') ReadPlan(text);
  const char* record_file = getenv("IO_FAULTS_RECORD");
  if (record_file != nullptr && *record_file != '\0') {
    record = static_cast<int>(syscall(SYS_openat, AT_FDCWD, record_file,
                                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (record < 0) Fail(record_file);
  }
  root_length = strlen(folder);
  root = strdup(folder);
}

bool IsBelow(const char* path) {
  return root != nullptr && strncmp(path, root, root_length) == 0 &&
         (path[root_length] == '/' || path[root_length] == '\0');
}

File* FileOf(int fd) {
  if (fd < 0 || fd >= kFiles || files[fd].inode == 0) return nullptr;
  // libuv closes files by the system call itself, so that the number may be another file's.
  struct stat found;
  int error = errno;
  bool is_same =
      fstat(fd, &found) == 0 && found.st_ino == files[fd].inode && found.st_dev == files[fd].device;
  errno = error;
  if (!is_same) files[fd].inode = 0;
  return is_same ? &files[fd] : nullptr;
}

// While it lives, no other thread or process makes or records a change.
class Turn {
 public:
  Turn() {
    if (record < 0) return;
    pthread_mutex_lock(&mutex);
    while (flock(record, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~Turn() {
    if (record < 0) return;
    int error = errno;
    flock(record, LOCK_UN);
    pthread_mutex_unlock(&mutex);
    errno = error;
  }
};

void Record(const void* data, size_t size, const char* format, ...) {
  if (record < 0) return;
  int error = errno;
  char line[8192];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  struct iovec parts[] = {{line, static_cast<size_t>(length)}, {const_cast<void*>(data), size}};
  if (syscall(SYS_writev, record, parts, 2) != static_cast<long>(length + size)) Fail("record");
  errno = error;
}

// Counts a call. Returns 0 when it must be made, kShort, or the errno with which it fails.
int FaultOf(Kind kind) {
  uint64_t n = __atomic_add_fetch(&state[kind], 1, __ATOMIC_SEQ_CST);
  if (plan.any && kind != kRead) {
    n = 0;
    for (int i = 0; i < kKinds; ++i) {
      if (i != kRead) n += __atomic_load_n(&state[i], __ATOMIC_SEQ_CST);
    }
  } else if (plan.kind != kind) {
    return 0;
  }
  if (n < plan.first || (plan.count > 0 && n >= plan.first + plan.count)) return 0;
  __atomic_add_fetch(&state[kKinds], 1, __ATOMIC_SEQ_CST);
  if (plan.action == kKill) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  if (kind != kRead) Record("", 0, "fault\n");
  if (plan.action == kFull) return n == plan.first ? kShort : ENOSPC;
  return plan.action;
}

int FailWith(int error) {
  errno = error;
  return -1;
}

int Open(const char* name, const char* path, int flags, mode_t mode) {
  auto open_file = Next<int (*)(const char*, int, ...)>(name);
  if (!IsBelow(path)) return open_file(path, flags, mode);
  Turn turn;
  if (int fault = FaultOf(kOpen)) return FailWith(fault);
  struct stat found;
  bool is_new = (flags & O_CREAT) != 0 && syscall(SYS_newfstatat, AT_FDCWD, path, &found, 0) != 0;
  int fd = open_file(path, flags, mode);
  if (fd < 0) return fd;
  if (fd >= kFiles || fstat(fd, &found) != 0) Fail("too many files");
  files[fd].inode = found.st_ino;
  files[fd].device = found.st_dev;
  free(files[fd].folder);
  files[fd].folder = S_ISDIR(found.st_mode) ? strdup(path) : nullptr;
  if (is_new) Record("", 0, "create\t%lu\t%s\n", found.st_ino, path);
  if (!is_new && (flags & O_TRUNC) != 0) Record("", 0, "truncate\t%lu\t0\n", found.st_ino);
  return fd;
}

// `write` makes the system call with so many bytes.
template <typename Write>
ssize_t WriteWith(int fd, const void* data, size_t size, off_t offset, Write write) {
  File* file = FileOf(fd);
  if (file == nullptr) {
    if (fd != STDOUT_FILENO || record < 0) return write(size);
    // What the program acknowledges, in order with its changes.
    Turn turn;
    Record(data, size, "output\t%zu\n", size);
    return write(size);
  }
  Turn turn;
  int fault = FaultOf(kWrite);
  if (fault > 0) return FailWith(fault);
  if (offset < 0) {
    bool appends = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
    offset = lseek(fd, 0, appends ? SEEK_END : SEEK_CUR);
  }
  ssize_t written = write(fault == kShort && size > 1 ? size / 2 : size);
  if (written > 0) {
    Record(data, static_cast<size_t>(written), "write\t%lu\t%ld\t%zd\n", file->inode,
           static_cast<long>(offset), written);
  }
  return written;
}

int Sync(const char* name, int fd) {
  auto sync = Next<int (*)(int)>(name);
  File* file = FileOf(fd);
  if (file == nullptr) return sync(fd);
  Turn turn;
  int fault = FaultOf(kSync);
  if (file->folder != nullptr) {
    if (fault == 0) Record("", 0, "sync-folder\t%s\n", file->folder);
  } else {
    Record("", 0, "%s\t%lu\n", fault == 0 ? "sync" : "failed-sync", file->inode);
  }
  return fault == 0 ? sync(fd) : FailWith(fault);
}

int Truncate(const char* name, int fd, off_t size) {
  auto truncate = Next<int (*)(int, off_t)>(name);
  File* file = FileOf(fd);
  if (file == nullptr) return truncate(fd, size);
  Turn turn;
  if (int fault = FaultOf(kTruncate)) return FailWith(fault);
  int result = truncate(fd, size);
  if (result == 0) Record("", 0, "truncate\t%lu\t%ld\n", file->inode, static_cast<long>(size));
  return result;
}

template <typename Read>
ssize_t ReadWith(int fd, Read read) {
  if (FileOf(fd) == nullptr) return read();
  if (int fault = FaultOf(kRead)) return FailWith(fault);
  return read();
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list args;
  va_start(args, flags);
  mode_t mode = va_arg(args, mode_t);
  va_end(args);
  return Open("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list args;
  va_start(args, flags);
  mode_t mode = va_arg(args, mode_t);
  va_end(args);
  return Open("open64", path, flags, mode);
}

int close(int fd) {
  static auto next = Next<int (*)(int)>("close");
  if (fd >= 0 && fd < kFiles) files[fd].inode = 0;
  return next(fd);
}

ssize_t write(int fd, const void* data, size_t size) {
  static auto next = Next<ssize_t (*)(int, const void*, size_t)>("write");
  return WriteWith(fd, data, size, -1, [&](size_t count) { return next(fd, data, count); });
}

ssize_t pwrite64(int fd, const void* data, size_t size, off_t offset) {
  static auto next = Next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite64");
  return WriteWith(fd, data, size, offset,
                   [&](size_t count) { return next(fd, data, count, offset); });
}

ssize_t pread64(int fd, void* data, size_t size, off_t offset) {
  static auto next = Next<ssize_t (*)(int, void*, size_t, off_t)>("pread64");
  return ReadWith(fd, [&] { return next(fd, data, size, offset); });
}

ssize_t read(int fd, void* data, size_t size) {
  static auto next = Next<ssize_t (*)(int, void*, size_t)>("read");
  return ReadWith(fd, [&] { return next(fd, data, size); });
}

// The package and SQLite use neither for files of the folder: the test must notice when that
// changes.
ssize_t writev(int fd, const struct iovec* parts, int count) {
  static auto next = Next<ssize_t (*)(int, const struct iovec*, int)>("writev");
  if (FileOf(fd) != nullptr) Fail("writev is not intercepted");
  return next(fd, parts, count);
}

ssize_t pwritev64(int fd, const struct iovec* parts, int count, off_t offset) {
  static auto next = Next<ssize_t (*)(int, const struct iovec*, int, off_t)>("pwritev64");
  if (FileOf(fd) != nullptr) Fail("pwritev is not intercepted");
  return next(fd, parts, count, offset);
}

int fsync(int fd) { return Sync("fsync", fd); }

int fdatasync(int fd) { return Sync("fdatasync", fd); }

int ftruncate64(int fd, off_t size) { return Truncate("ftruncate64", fd, size); }

int rename(const char* from, const char* to) {
  static auto next = Next<int (*)(const char*, const char*)>("rename");
  if (!IsBelow(from)) return next(from, to);
  Turn turn;
  if (int fault = FaultOf(kRename)) return FailWith(fault);
  int result = next(from, to);
  if (result == 0) Record("", 0, "rename\t%s\t%s\n", from, to);
  return result;
}

int unlink(const char* path) {
  static auto next = Next<int (*)(const char*)>("unlink");
  if (!IsBelow(path)) return next(path);
  Turn turn;
  if (int fault = FaultOf(kUnlink)) return FailWith(fault);
  int result = next(path);
  if (result == 0) Record("", 0, "unlink\t%s\n", path);
  return result;
}

int mkdir(const char* path, mode_t mode) {
  static auto next = Next<int (*)(const char*, mode_t)>("mkdir");
  if (!IsBelow(path)) return next(path, mode);
  Turn turn;
  if (int fault = FaultOf(kMkdir)) return FailWith(fault);
  int result = next(path, mode);
  if (result == 0) Record("", 0, "mkdir\t%s\n", path);
  return result;
}

void* mmap64(void* address, size_t size, int protection, int flags, int fd, off_t offset) {
  static auto next = Next<void* (*)(void*, size_t, int, int, int, off_t)>("mmap64");
  if (FileOf(fd) != nullptr) Fail("mmap is not intercepted");
  return next(address, size, protection, flags, fd, offset);
}
}
