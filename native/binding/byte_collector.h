// Text or bytes that JavaScript hands over in pieces, so that no single copy blocks its thread.
#ifndef WEWORK_SPEC_BINDING_BYTE_COLLECTOR_H_
#define WEWORK_SPEC_BINDING_BYTE_COLLECTOR_H_

#include <napi.h>

#include <memory>
#include <string>

#include "runtime/memory_account.h"

namespace wework_spec {

// Bytes and the charge for their memory. Any thread.
struct ChargedBytes {
  std::string bytes;
  MemoryAccount::Charge charge;
};

// Wrapped by a JavaScript object of the class ByteCollector in native.d.ts, which owns it. Owns a
// copy of the pieces until Take hands it to a call. JavaScript thread only.
class ByteCollector : public Napi::ObjectWrap<ByteCollector> {
 public:
  static Napi::Function Define(Napi::Env env);

  // Moves the bytes out of a JavaScript ByteCollector. Throws when the value is not one.
  static ChargedBytes Take(const Napi::Value& value, const char* name);

  // (name, capacity)
  explicit ByteCollector(const Napi::CallbackInfo& info);
  ~ByteCollector() override;

 private:
  Napi::Value Add(const Napi::CallbackInfo& info);

  std::shared_ptr<MemoryAccount> memory_;
  std::string name_;
  ChargedBytes collected_;
};

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_BYTE_COLLECTOR_H_
