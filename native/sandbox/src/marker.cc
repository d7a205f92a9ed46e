#include "cpp_sdk.h"

// As long as it is in the file, `strings` tells it too.
const char wework_spec_sandbox_marker[] =
    "wework-spec-sdk sandbox library, protocol wework-spec-sandbox/1";
