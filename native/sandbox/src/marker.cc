#include "cpp_sdk.h"

// A readable text, so that `strings` identifies the library file too.
const char wework_spec_sandbox_marker[] =
    "wework-spec-sdk sandbox library, protocol wework-spec-sandbox/1";
