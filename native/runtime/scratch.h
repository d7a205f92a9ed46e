// Memory of one environment that its calls use again.
#ifndef WEWORK_SPEC_RUNTIME_SCRATCH_H_
#define WEWORK_SPEC_RUNTIME_SCRATCH_H_

#include <algorithm>
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
      const size_t wanted = count < kFirst ? kFirst : count + count / 4;
      // The room is that of the memory also if there is not enough of it.
      units_room_ = 0;
      units_.reset();
      units_.reset(new char16_t[wanted]);
      units_room_ = wanted;
    }
    *room = units_room_;
    return units_.get();
  }

  // To be called after a text was read by Units. A short one can be a key, so it is overwritten.
  void DoneWithUnits(size_t length) {
    if (length <= kMaxSecret) std::fill_n(units_.get(), length, u'\0');
    TrimUnits();
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
    TrimUnits();
    for (std::string* const text : {&headers_, &text_, &result_}) {
      if (text->capacity() > kKept) std::string().swap(*text);
    }
  }

 private:
  void TrimUnits() {
    if (units_room_ * sizeof(char16_t) <= kKept) return;
    units_.reset();
    units_room_ = 0;
  }

  static constexpr size_t kFirst = 1024;
  static constexpr size_t kMaxSecret =
      16 * 1024;                            // units; the PEM text of a private key is shorter
  static constexpr size_t kKept = 4 << 20;  // bytes of each

  std::unique_ptr<char16_t[]> units_;
  size_t units_room_ = 0;
  std::string headers_;
  std::string text_;
  std::string result_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_SCRATCH_H_
