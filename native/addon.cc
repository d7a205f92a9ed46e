// The addon's entry point: exports what lib/binding/native.d.ts declares.
#include <napi.h>

#include "binding/byte_collector.h"
#include "binding/callback_sdk.h"
#include "binding/debug_mode.h"
#include "binding/log.h"
#include "binding/notify_id.h"
#include "binding/sdk_info.h"
#include "binding/secret_key.h"
#include "binding/setup.h"
#include "binding/spec_sdk.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"
#include "vendor/adapter.h"

namespace wework_spec {
namespace {

template <auto kFunction>
void Export(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<kFunction>(exports.Env(), name));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* const environment = new Environment();
  env.SetInstanceData(environment);
  Guarded(env, vendor::RefuseWrongLibrary);
  exports.Set("sdk", vendor::DescribeSdk().name);
  exports.Set("numbers", environment->CreateNumbers(env));
  exports.Set("ByteCollector", ByteCollector::Define(env));
  exports.Set("CallbackSdk", CallbackSdk::Define(env));
  exports.Set("SpecSdk", SpecSdk::Define(env));
  Export<Attach>(exports, "attach");
  Export<IsFirst>(exports, "isFirst");
  Export<ConfigureThreadPool>(exports, "configureThreadPool");
  Export<UseSettings>(exports, "useSettings");
  Export<Log>(exports, "log");
  Export<SpecOpenDebugMode>(exports, "SpecOpenDebugMode");
  Export<GenerateNotifyId>(exports, "GenerateNotifyId");
  Export<DecryptSecretKey>(exports, "DecryptSecretKey");
  Export<DecryptSecretKeys>(exports, "DecryptSecretKeys");
  Export<GetSdkInfo>(exports, "GetSdkInfo");
  return exports;
}

}  // namespace
}  // namespace wework_spec

static Napi::Object InitAddon(Napi::Env env, Napi::Object exports) {
  return wework_spec::Init(env, exports);
}

NODE_API_MODULE(wework_spec, InitAddon)
