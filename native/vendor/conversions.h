// Arguments that take the shape in which a function of the SDK wants them. The guides show how the
// functions are called, and their signatures only in part.
#ifndef WEWORK_SPEC_VENDOR_CONVERSIONS_H_
#define WEWORK_SPEC_VENDOR_CONVERSIONS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace wework_spec::vendor {

using HeaderMap = std::map<std::string, std::string>;

// A place for a result, for functions that want a pointer or a reference.
template <typename T>
class Out {
 public:
  explicit Out(T* place) : place_(place) {}
  operator T*() const { return place_; }
  operator T&() const { return *place_; }

 private:
  T* const place_;
};

// HTTP headers, as a std::map, or as any other map of strings or list of pairs: which one a
// function wants is learnt from its signature when it is called. Owns what it hands out, and has to
// outlive objects that keep a reference to it.
class Headers {
 public:
  Headers() = default;
  explicit Headers(HeaderMap headers) : own_(std::move(headers)) {}
  Headers(const Headers&) = delete;
  Headers& operator=(const Headers&) = delete;

  template <typename Map, typename = std::enable_if_t<!std::is_pointer_v<Map>>>
  operator Map&() {
    return As<std::remove_const_t<Map>>();
  }
  template <typename Map>
  operator Map*() {
    return &As<std::remove_const_t<Map>>();
  }

  // What is in there now, in whatever shape it was handed out.
  HeaderMap Read() const { return read_ == nullptr ? own_ : read_(other_.get()); }
  HeaderMap& own() { return own_; }
  const HeaderMap& own() const { return own_; }

 private:
  template <typename Map>
  Map& As() {
    if constexpr (std::is_same_v<Map, HeaderMap>) {
      return own_;
    } else {
      auto map = std::make_shared<Map>();
      for (const auto& [name, value] : own_) Put(map.get(), name, value, 0);
      read_ = [](const void* filled) {
        HeaderMap headers;
        for (const auto& entry : *static_cast<const Map*>(filled)) {
          headers[std::string(entry.first)] = std::string(entry.second);
        }
        return headers;
      };
      other_ = map;
      return *map;
    }
  }

  template <typename Map>
  static auto Put(Map* map, const std::string& name, const std::string& value, int)
      -> decltype(map->emplace(name, value), void()) {
    map->emplace(name, value);
  }
  template <typename List>
  static auto Put(List* list, const std::string& name, const std::string& value, long)
      -> decltype(list->emplace_back(name, value), void()) {
    list->emplace_back(name, value);
  }
  template <typename Map>
  static void Put(Map* map, const std::string& name, const std::string& value, ...) {
    (*map)[name] = value;
  }

  HeaderMap own_;
  std::shared_ptr<void> other_;
  HeaderMap (*read_)(const void*) = nullptr;
};

// Whether the client's constructor takes all documented arguments.
template <typename T>
constexpr bool kTakesJobInfo =
    std::is_constructible_v<T, std::string&, uint32_t, std::string&, std::string&>;

// The client, made with as many of the documented arguments as its constructor takes; `lacks` is
// what it has no place for.
template <typename T>
std::unique_ptr<T> MakeClient(std::string& corp_id, uint32_t agent_id, std::string& ability_id,
                              std::string& job_info, const char** lacks) {
  using Text = std::string&;
  if constexpr (kTakesJobInfo<T>) {
    return std::make_unique<T>(corp_id, agent_id, ability_id, job_info);
  } else if constexpr (std::is_constructible_v<T, Text, uint32_t, Text>) {
    if (!job_info.empty()) *lacks = "job_info in the constructor of SpecSdk";
    return std::make_unique<T>(corp_id, agent_id, ability_id);
  } else {
    if (!ability_id.empty()) *lacks = "ability_id in the constructor of SpecSdk";
    if (!job_info.empty()) *lacks = "job_info in the constructor of SpecSdk";
    return std::make_unique<T>(corp_id, agent_id);
  }
}

// The same from a request, which is wanted as a reference or as a pointer.
template <typename T, typename Callback>
std::unique_ptr<T> MakeClientFor(Callback& callback) {
  if constexpr (std::is_constructible_v<T, Callback&>) {
    return std::make_unique<T>(callback);
  } else {
    return std::make_unique<T>(&callback);
  }
}

}  // namespace wework_spec::vendor

#endif  // WEWORK_SPEC_VENDOR_CONVERSIONS_H_
