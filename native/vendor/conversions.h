// Arguments that convert to whatever type a function of the SDK takes. The guides show how the
// functions are called, but only part of their signatures.
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

// An output argument that converts to a pointer or to a reference.
template <typename T>
class Out {
 public:
  explicit Out(T* place) : place_(place) {}
  operator T*() const { return place_; }
  operator T&() const { return *place_; }

 private:
  T* const place_;
};

// HTTP headers that convert to a HeaderMap, or to any other map of strings or list of pairs: the
// conversion deduces the type from the signature of the called function. Owns the container that it
// converts to, so it must outlive every object that refers to that container.
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

  // The current content, which the SDK may have changed.
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

// Constructs the client with as many of the documented arguments as its constructor takes. Sets
// `lacks` when an argument that is not empty has no parameter there.
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

// Constructs the client from a request, passed as a reference or as a pointer.
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
