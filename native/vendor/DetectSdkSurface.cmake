# Compiles small questions against the SDK's header and turns the answers into the definitions that adapter.cc
# adapts to. The documented spellings differ and older SDKs lack functions, so nothing is taken for granted.
include(CheckCXXSourceCompiles)

set(WEWORK_SPEC_SURFACE_DEFINITIONS)

# Asks whether `source` compiles after cpp_sdk.h; sets WEWORK_SPEC_<name> to 1 or 0 in the definitions.
function(wework_spec_ask name question source)
  # Asked anew each time: the header may be another one than before.
  unset(WEWORK_SPEC_${name} CACHE)
  set(CMAKE_REQUIRED_QUIET ON)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  set(CMAKE_REQUIRED_INCLUDES "${WEWORK_SPEC_VENDOR_HEADER_DIR}")
  if(WEWORK_SPEC_SDK STREQUAL "sandbox")
    set(CMAKE_REQUIRED_INCLUDES "${CMAKE_SOURCE_DIR}/native/sandbox/include")
  endif()
  check_cxx_source_compiles("
    #include <cpp_sdk.h>
    namespace Tencent { namespace WxWork {} }
    namespace probe { using namespace ::Tencent::WxWork; ${source} }" WEWORK_SPEC_${name})
  if(WEWORK_SPEC_${name})
    set(value 1)
    set(answer yes)
  else()
    set(value 0)
    set(answer no)
  endif()
  message(STATUS "SDK surface: ${question}: ${answer}")
  set(WEWORK_SPEC_SURFACE_DEFINITIONS
    ${WEWORK_SPEC_SURFACE_DEFINITIONS} WEWORK_SPEC_${name}=${value} PARENT_SCOPE)
endfunction()

wework_spec_ask(HAS_SPEC_SDK "class SpecSdk (else SpecSDK)" "using Client = SpecSdk;")
wework_spec_ask(HAS_NOTIFY_ID "GenerateNotifyId()" "std::string id() { return GenerateNotifyId(); }")
wework_spec_ask(HAS_DEBUG_MODE "SpecOpenDebugMode()"
  "bool open() { return SpecOpenDebugMode(std::string(), std::string()); }")
# The log macros take __FILE__ and __LINE__. Where they use them as ordinary expressions, both can be given the
# caller's place at run time; a macro that pastes or measures them at compile time does not allow it.
wework_spec_ask(HAS_LOG_CALL_SITE "log macros take file and line at run time (else the log names adapter.cc)" "
  #define __FILE__ file
  #define __LINE__ line
  void log(const char* file, int line, const char* text) {
    WWSPEC_LOG_INFO(\"%s\", text);
    WWSPEC_LOG_ERROR(\"%s\", text);
    WWSPEC_LOG_DEBUG(\"%s\", text);
  }")
