#include "binding/sdk_info.h"

#include <string>

#include "binding/openssl.h"
#include "runtime/environment.h"
#include "runtime/guarded.h"
#include "runtime/images.h"
#include "runtime/strings.h"
#include "vendor/adapter.h"

namespace wework_spec {

Napi::Value GetSdkInfo(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    const Napi::Env env = info.Env();
    const vendor::SdkDescription sdk = vendor::DescribeSdk();

    const Napi::Array files = Napi::Array::New(env);
    for (const std::string& file : OpenSslFilesOf(sdk.library_file)) {
      files.Set(files.Length(), Utf8ToJavaScript(env, file));
    }
    Napi::Object openssl = Napi::Object::New(env);
    openssl.Set("version", Napi::String::New(env, OpenSSL_version(kOpenSslVersion)));
    openssl.Set("files", files);

    const ThreadPool& threads = Environment::Of(env).calls().pool();
    const ThreadPool::Limits limits = threads.GetLimits();
    const ThreadPool::Usage usage = threads.GetUsage();
    Napi::Object pool = Napi::Object::New(env);
    pool.Set("size", static_cast<double>(limits.threads));
    pool.Set("queueLimit", static_cast<double>(limits.queue));
    pool.Set("threads", static_cast<double>(usage.threads));
    pool.Set("running", static_cast<double>(usage.running));
    pool.Set("queued", static_cast<double>(usage.queued));

    Napi::Object result = Napi::Object::New(env);
    result.Set("sdk", sdk.name);
    result.Set("addonFile",
               Utf8ToJavaScript(env, FileOfAddress(reinterpret_cast<const void*>(&GetSdkInfo))));
    result.Set("libraryFile", Utf8ToJavaScript(env, FileOfLibrary(sdk.library_file)));
    result.Set("cxxAbi", sdk.cxx11_abi ? "cxx11" : "old");
    result.Set("hasNotifyId", sdk.has_notify_id);
    result.Set("hasDebugMode", sdk.has_debug_mode);
    result.Set("hasJobInfo", sdk.has_job_info);
    result.Set("logCallSite", sdk.has_log_call_site);
    result.Set("openssl", openssl);
    result.Set("threadPool", pool);
    return result;
  });
}

}  // namespace wework_spec
