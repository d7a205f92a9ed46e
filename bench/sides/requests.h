// What the C++ sides of the benches share: sealed requests from a file, the settings, and the
// meter.
//
// A file contains requests. Each is a line with the number of headers, a line "name value" for each
// header, a line with the length of the body, and the body.
#ifndef WEWORK_SPEC_BENCH_SIDES_REQUESTS_H_
#define WEWORK_SPEC_BENCH_SIDES_REQUESTS_H_

#include <cpp_sdk.h>
#include <sandbox_settings.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern char** environ;

namespace bench {

// The settings that a vendor library would read from the environment by itself.
inline std::shared_ptr<const wework_spec_sandbox::Settings> SettingsFromEnvironment() {
  std::map<std::string, std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const size_t equals = text.find('=');
    if (text.rfind("WEWORK_SPEC_SANDBOX_", 0) == 0) {
      variables[text.substr(0, equals)] = text.substr(equals + 1);
    }
  }
  return wework_spec_sandbox::ParseSettings(variables, std::chrono::seconds(0));
}

struct Request {
  std::map<std::string, std::string> headers;
  std::vector<std::string_view> body;  // one or more slices of received memory
};

// Received memory: either one block for each body, or blocks of 64 KiB as a socket delivers them,
// in which a body begins at an odd address after the head of its request.
class Received {
 public:
  explicit Received(bool in_chunks) : in_chunks_(in_chunks) {}

  std::vector<std::string_view> Place(const std::string& body) {
    std::vector<std::string_view> slices;
    if (!in_chunks_) {
      char* const block = NewBlock(body.size());
      std::memcpy(block, body.data(), body.size());
      slices.emplace_back(block, body.size());
      return slices;
    }
    position_ = (position_ + kHead) | 1;
    if (position_ + std::min(body.size(), kChunk - (kHead | 1)) > kChunk) NewChunk(kHead | 1);
    for (size_t done = 0; done < body.size();) {
      if (position_ == kChunk) NewChunk(0);
      const size_t size = std::min(body.size() - done, kChunk - position_);
      std::memcpy(chunk_ + position_, body.data() + done, size);
      slices.emplace_back(chunk_ + position_, size);
      position_ += size;
      done += size;
    }
    return slices;
  }

 private:
  static constexpr size_t kChunk = 65536;
  static constexpr size_t kHead = 300;

  char* NewBlock(size_t size) {
    blocks_.push_back(std::make_unique<char[]>(size));
    return blocks_.back().get();
  }
  void NewChunk(size_t position) {
    chunk_ = NewBlock(kChunk);
    position_ = position;
  }

  const bool in_chunks_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* chunk_ = nullptr;
  size_t position_ = kChunk;
};

inline std::vector<Request> ReadRequests(const char* path, Received* received) {
  std::ifstream file(path, std::ios::binary);
  std::vector<Request> requests;
  size_t headers = 0;
  while (file >> headers) {
    Request request;
    for (size_t i = 0; i < headers; ++i) {
      std::string name;
      std::string value;
      file >> name >> value;
      request.headers[name] = value;
    }
    size_t length = 0;
    file >> length;
    file.ignore(1);
    std::string body(length, '\0');
    file.read(&body[0], static_cast<std::streamsize>(length));
    request.body = received->Place(body);
    requests.push_back(std::move(request));
  }
  return requests;
}

// Measures from its construction to Print.
class Meter {
 public:
  void Print(size_t requests, size_t check) const {
    const Counters now;
    const std::chrono::duration<double, std::micro> wall = now.time - start_.time;
    std::printf(
        "{\"requests\":%zu,\"wall\":%f,\"waited\":%f,\"cpu\":%f,\"faults\":%ld,\"check\":%zu}\n",
        requests, wall.count(), now.waited - start_.waited, now.cpu - start_.cpu,
        now.faults - start_.faults, check);
  }

 private:
  struct Counters {
    Counters() {
      // The first two numbers: nanoseconds on a processor, nanoseconds ready without one.
      std::ifstream file("/proc/thread-self/schedstat");
      double ran = 0;
      double ready = 0;
      if (file >> ran >> ready) waited = ready / 1000;
      rusage usage = {};
      getrusage(RUSAGE_SELF, &usage);
      faults = usage.ru_minflt;
      cpu = Microseconds(usage.ru_utime) + Microseconds(usage.ru_stime);
      time = std::chrono::steady_clock::now();
    }
    static double Microseconds(const timeval& time) {
      return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    }
    double waited = 0;
    double cpu = 0;
    long faults = 0;
    std::chrono::steady_clock::time_point time;
  };
  const Counters start_;
};

}  // namespace bench

#endif  // WEWORK_SPEC_BENCH_SIDES_REQUESTS_H_
