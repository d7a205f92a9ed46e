// The private key that a program passes for DecryptSecretKey, PEM.
#include "binding/secret_key.cc"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string pem(fuzz::TextOf(data, size));
  const wework_spec::OpenSslErrorScope errors;
  try {
    const auto key = wework_spec::ReadPrivateKey(pem, errors);
    fuzz::Require(EVP_PKEY_is_a(key.get(), "RSA") == 1, "only RSA keys are accepted");
  } catch (const wework_spec::CodedError& error) {
    fuzz::Require(error.code() == std::string("ERR_SPEC_PRIVATE_KEY"), "the code is ours");
    fuzz::Require(!error.detail().empty(), "the error has a reason");
  }
  return 0;
}
