#include "cpp_sdk.h"
#include "crypto.h"
#include "openssl_use.h"

namespace Tencent {
namespace WxWork {

std::string GenerateNotifyId() {
  const wework_spec_sandbox::OpenSslUse use;
  return wework_spec_sandbox::RandomHex(16);
}

}  // namespace WxWork
}  // namespace Tencent
