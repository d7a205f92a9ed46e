// Memory of one environment that its calls use again.
#ifndef WEWORK_SPEC_RUNTIME_SCRATCH_H_
#define WEWORK_SPEC_RUNTIME_SCRATCH_H_

#include <cstddef>
#include <memory>
#include <string>

namespace wework_spec {

// Conversions write here, so that they neither allocate nor touch fresh pages, which are the
// largest cost of a request on a virtual machine. Owned by the Environment; JavaScript thread only.
// The content is valid until the next call that uses the same member.
class Scratch {
 public:
  // Room for at least `count` UTF-16 units, which are not initialised. `room` is set to the number
  // that there is.
  char16_t* Units(size_t count, size_t* room) {
    if (count > units_room_) {
      units_room_ = count < kFirst ? kFirst : count + count / 4;
      units_.reset(new char16_t[units_room_]);
    }
    *room = units_room_;
    return units_.get();
  }

  // Headers, and other short texts.
  std::string& headers() { return headers_; }
  // A text from JavaScript. A string that grows is filled with zeros, so what is shorter has a
  // string of its own.
  std::string& text() { return text_; }
  // What the SDK makes of it.
  std::string& result() { return result_; }

  // Frees what an unusually large call has left.
  void Trim() {
    if (units_room_ > kKept) {
      units_.reset();
      units_room_ = 0;
    }
    for (std::string* const text : {&headers_, &text_, &result_}) {
      if (text->capacity() > kKept) std::string().swap(*text);
    }
  }

 private:
  static constexpr size_t kFirst = 1024;
  static constexpr size_t kKept = 4 << 20;

  std::unique_ptr<char16_t[]> units_;
  size_t units_room_ = 0;
  std::string headers_;
  std::string text_;
  std::string result_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_SCRATCH_H_
