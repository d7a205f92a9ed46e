#include "binding/byte_collector.h"

#include <limits>
#include <utility>

#include "runtime/arguments.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"

namespace wework_spec {
namespace {

constexpr napi_type_tag kTypeTag = {0x3c9e60d1f2ab4785, 0x91d7a4c85e3b60f2};

}  // namespace

Napi::Function ByteCollector::Define(Napi::Env env) {
  return DefineClass(env, "ByteCollector", {InstanceMethod<&ByteCollector::Add>("Add")});
}

ByteCollector::ByteCollector(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Guarded(info.Env(), [&] {
    const Arguments arguments(info);
    name_ = arguments.Name(0, "name");
    // Reserved at once, because a string that grows would copy itself. Pages that stay unused cost
    // no memory.
    collected_.bytes.reserve(
        arguments.Integer(1, "capacity", 0, std::numeric_limits<uint32_t>::max()));
    memory_ = Environment::Of(info.Env()).memory();
    info.This().As<Napi::Object>().TypeTag(&kTypeTag);
  });
}

ByteCollector::~ByteCollector() {
  collected_ = {};
  if (memory_) memory_->Report(Env());
}

ChargedBytes ByteCollector::Take(const Napi::Value& value, const char* name) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTypeTag)) {
    throw ToJavaScript(
        CodedError("ERR_SPEC_INVALID_ARG_TYPE", name, "an instance of ByteCollector"), value);
  }
  return std::exchange(Unwrap(value.As<Napi::Object>())->collected_, {});
}

Napi::Value ByteCollector::Add(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    collected_.bytes.append(Arguments(info).Bytes(0, name_.c_str()));
    collected_.charge = MemoryAccount::Charge(memory_, collected_.bytes.size());
    memory_->Report(info.Env());
    return info.Env().Undefined();
  });
}

}  // namespace wework_spec
