// The native half of CallbackJni.java.
#include <jni.h>

#include "requests.h"

namespace {

using Tencent::WxWork::SpecCallbackSDK;

struct Request {
  std::string method;
  std::map<std::string, std::string> headers;
  std::string body;
  std::unique_ptr<SpecCallbackSDK> callback;
};

SpecCallbackSDK& Of(jlong request) { return *reinterpret_cast<Request*>(request)->callback; }

// For headers and methods, which are ASCII.
std::string Text(JNIEnv* env, jstring text) {
  const jsize size = env->GetStringUTFLength(text);
  std::string out(static_cast<size_t>(size), '\0');
  env->GetStringUTFRegion(text, 0, env->GetStringLength(text), &out[0]);
  env->DeleteLocalRef(text);
  return out;
}

jbyteArray Bytes(JNIEnv* env, const std::string& text) {
  const auto size = static_cast<jsize>(text.size());
  jbyteArray const bytes = env->NewByteArray(size);
  if (bytes != nullptr) {
    env->SetByteArrayRegion(bytes, 0, size, reinterpret_cast<const jbyte*>(text.data()));
  }
  return bytes;
}

}  // namespace

extern "C" {

JNIEXPORT void JNICALL Java_CallbackJni_configure(JNIEnv*, jclass) {
  // For the calling thread, until the process ends.
  static const auto* const scope =
      new wework_spec_sandbox::SettingsScope(bench::SettingsFromEnvironment());
  static_cast<void>(scope);
}

JNIEXPORT jlong JNICALL Java_CallbackJni_open(JNIEnv* env, jclass, jstring method,
                                              jobjectArray headers, jbyteArray body, jint from,
                                              jint size) {
  auto request = std::make_unique<Request>();
  request->method = Text(env, method);
  const jsize count = env->GetArrayLength(headers);
  for (jsize i = 0; i + 1 < count; i += 2) {
    std::string name = Text(env, static_cast<jstring>(env->GetObjectArrayElement(headers, i)));
    request->headers.emplace(
        std::move(name),
        Text(env, static_cast<jstring>(env->GetObjectArrayElement(headers, i + 1))));
  }
  request->body.resize(static_cast<size_t>(size));
  env->GetByteArrayRegion(body, from, size, reinterpret_cast<jbyte*>(&request->body[0]));
  request->callback =
      std::make_unique<SpecCallbackSDK>(request->method, request->headers, request->body);
  return reinterpret_cast<jlong>(request.release());
}

JNIEXPORT jboolean JNICALL Java_CallbackJni_isOk(JNIEnv*, jclass, jlong request) {
  return Of(request).IsOk();
}
JNIEXPORT jint JNICALL Java_CallbackJni_agentId(JNIEnv*, jclass, jlong request) {
  return static_cast<jint>(Of(request).GetAgentId());
}
JNIEXPORT jint JNICALL Java_CallbackJni_callType(JNIEnv*, jclass, jlong request) {
  return static_cast<jint>(Of(request).GetCallType());
}
JNIEXPORT jboolean JNICALL Java_CallbackJni_isAsync(JNIEnv*, jclass, jlong request) {
  return Of(request).GetIsAsync();
}

JNIEXPORT jbyteArray JNICALL Java_CallbackJni_text(JNIEnv* env, jclass, jlong request, jint field) {
  const SpecCallbackSDK& callback = Of(request);
  switch (field) {
    case 0:
      return Bytes(env, callback.GetData());
    case 1:
      return Bytes(env, callback.GetCorpId());
    case 2:
      return Bytes(env, callback.GetJobInfo());
    case 3:
      return Bytes(env, callback.GetAbilityId());
    default:
      return Bytes(env, callback.GetNotifyId());
  }
}

JNIEXPORT jbyteArray JNICALL Java_CallbackJni_build(JNIEnv* env, jclass, jlong request,
                                                    jbyteArray response, jobjectArray headers) {
  std::string text(static_cast<size_t>(env->GetArrayLength(response)), '\0');
  env->GetByteArrayRegion(response, 0, static_cast<jsize>(text.size()),
                          reinterpret_cast<jbyte*>(&text[0]));
  std::map<std::string, std::string> built;
  std::string body;
  Of(request).BuildResponseHeaderBody(text, &built, &body);
  jsize at = 0;
  for (const auto& [name, value] : built) {
    for (const std::string& part : {name, value}) {
      jstring const string = env->NewStringUTF(part.c_str());
      env->SetObjectArrayElement(headers, at++, string);
      env->DeleteLocalRef(string);
    }
  }
  return Bytes(env, body);
}

JNIEXPORT void JNICALL Java_CallbackJni_close(JNIEnv*, jclass, jlong request) {
  delete reinterpret_cast<Request*>(request);
}

}  // extern "C"
