// The functions of OpenSSL 3 that the addon calls. They are declared here so that the addon builds
// without OpenSSL's headers; a test compiles this file together with those. No library is linked
// for them: node exports them, and the SDK library depends on libcrypto.so.3 anyway. OpenSSL keeps
// their ABI throughout version 3.
#ifndef WEWORK_SPEC_BINDING_OPENSSL_H_
#define WEWORK_SPEC_BINDING_OPENSSL_H_

#include <cstddef>

extern "C" {

typedef struct bio_st BIO;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX;
typedef struct ossl_lib_ctx_st OSSL_LIB_CTX;
typedef int pem_password_cb(char* buffer, int size, int write, void* data);

const char* OpenSSL_version(int what);
void OPENSSL_cleanse(void* memory, size_t length);

int ERR_set_mark(void);
int ERR_pop_to_mark(void);
unsigned long ERR_peek_last_error(void);
const char* ERR_reason_error_string(unsigned long error);

BIO* BIO_new_mem_buf(const void* memory, int length);
void BIO_free_all(BIO* bio);

EVP_PKEY* PEM_read_bio_PrivateKey(BIO* bio, EVP_PKEY** key, pem_password_cb* callback, void* data);
void EVP_PKEY_free(EVP_PKEY* key);
int EVP_PKEY_is_a(const EVP_PKEY* key, const char* name);
int EVP_PKEY_get_size(const EVP_PKEY* key);
EVP_PKEY_CTX* EVP_PKEY_CTX_new_from_pkey(OSSL_LIB_CTX* library, EVP_PKEY* key,
                                         const char* properties);
void EVP_PKEY_CTX_free(EVP_PKEY_CTX* context);
int EVP_PKEY_CTX_set_rsa_padding(EVP_PKEY_CTX* context, int padding);
int EVP_PKEY_CTX_ctrl_str(EVP_PKEY_CTX* context, const char* type, const char* value);
int EVP_PKEY_decrypt_init(EVP_PKEY_CTX* context);
int EVP_PKEY_decrypt(EVP_PKEY_CTX* context, unsigned char* out, size_t* out_length,
                     const unsigned char* in, size_t in_length);

}  // extern "C"

namespace wework_spec {

constexpr int kOpenSslVersion = 0;   // OPENSSL_VERSION
constexpr int kRsaPkcs1Padding = 1;  // RSA_PKCS1_PADDING

}  // namespace wework_spec

#endif  // WEWORK_SPEC_BINDING_OPENSSL_H_
