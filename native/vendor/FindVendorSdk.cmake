# Finds the vendor's header and library in WEWORK_SPEC_SDK_DIR and defines wework_spec_sdk_library.
# The vendor's files are only read: never copied, edited or stripped.
if(NOT WEWORK_SPEC_SDK_DIR)
  set(WEWORK_SPEC_SDK_DIR "$ENV{WEWORK_SPEC_SDK_DIR}")
endif()
if(NOT WEWORK_SPEC_SDK_DIR)
  message(FATAL_ERROR
    "The vendor build needs WEWORK_SPEC_SDK_DIR: the folder of the WeCom C++ SDK with cpp_sdk.h and "
    "libWeWorkSpecSDK.so. It cannot be shipped with this package; download it from the WeCom developer site.")
endif()
get_filename_component(WEWORK_SPEC_SDK_DIR "${WEWORK_SPEC_SDK_DIR}" ABSOLUTE)

find_path(WEWORK_SPEC_VENDOR_HEADER_DIR cpp_sdk.h
  PATHS "${WEWORK_SPEC_SDK_DIR}" "${WEWORK_SPEC_SDK_DIR}/include" NO_DEFAULT_PATH NO_CACHE)
find_file(WEWORK_SPEC_VENDOR_LIBRARY libWeWorkSpecSDK.so
  PATHS "${WEWORK_SPEC_SDK_DIR}" "${WEWORK_SPEC_SDK_DIR}/lib" NO_DEFAULT_PATH NO_CACHE)
foreach(part HEADER_DIR LIBRARY)
  if(NOT WEWORK_SPEC_VENDOR_${part})
    set(missing_HEADER_DIR cpp_sdk.h)
    set(missing_LIBRARY libWeWorkSpecSDK.so)
    message(FATAL_ERROR "${missing_${part}} was not found in ${WEWORK_SPEC_SDK_DIR}, "
      "nor in its include/ or lib/ folder.")
  endif()
endforeach()

string(REGEX REPLACE "/+$" "" WEWORK_SPEC_VENDOR_HEADER_DIR "${WEWORK_SPEC_VENDOR_HEADER_DIR}")
file(STRINGS "${WEWORK_SPEC_VENDOR_HEADER_DIR}/cpp_sdk.h" sandbox_mark REGEX WEWORK_SPEC_SANDBOX_SDK)
if(sandbox_mark)
  message(FATAL_ERROR "${WEWORK_SPEC_VENDOR_HEADER_DIR}/cpp_sdk.h is the sandbox's header; "
    "the vendor build takes the vendor's header only.")
endif()

# libstdc++ has two ABIs; which one the library was built with shows in the names of its std::string functions.
find_program(WEWORK_SPEC_NM nm REQUIRED)
execute_process(COMMAND "${WEWORK_SPEC_NM}" -D --defined-only "${WEWORK_SPEC_VENDOR_LIBRARY}"
  OUTPUT_VARIABLE vendor_symbols ERROR_VARIABLE nm_error RESULT_VARIABLE nm_status)
if(NOT nm_status EQUAL 0)
  message(FATAL_ERROR "${WEWORK_SPEC_VENDOR_LIBRARY} is not a readable shared library: ${nm_error}")
endif()
if(vendor_symbols MATCHES "wework_spec_sandbox_marker")
  message(FATAL_ERROR "${WEWORK_SPEC_VENDOR_LIBRARY} is the sandbox library under another name; "
    "the vendor build takes the vendor's library only.")
endif()
if(vendor_symbols MATCHES "cxx11")
  set(WEWORK_SPEC_CXX11_ABI 1)
else()
  set(WEWORK_SPEC_CXX11_ABI 0)
endif()
message(STATUS "Vendor SDK: ${WEWORK_SPEC_VENDOR_HEADER_DIR}/cpp_sdk.h, ${WEWORK_SPEC_VENDOR_LIBRARY}, "
  "_GLIBCXX_USE_CXX11_ABI=${WEWORK_SPEC_CXX11_ABI}")

get_filename_component(vendor_library_dir "${WEWORK_SPEC_VENDOR_LIBRARY}" DIRECTORY)
add_library(wework_spec_sdk_library INTERFACE)
target_include_directories(wework_spec_sdk_library SYSTEM INTERFACE "${WEWORK_SPEC_VENDOR_HEADER_DIR}")
target_compile_definitions(wework_spec_sdk_library INTERFACE
  _GLIBCXX_USE_CXX11_ABI=${WEWORK_SPEC_CXX11_ABI})
# By -l: and not by path: a library without soname would else be needed under its absolute path. libssl and
# libcrypto are left to the library's own DT_NEEDED entries.
target_link_options(wework_spec_sdk_library INTERFACE
  "-L${vendor_library_dir}" -Wl,--allow-shlib-undefined)
target_link_libraries(wework_spec_sdk_library INTERFACE -l:libWeWorkSpecSDK.so)

# A link beside the addon, so that programs run without LD_LIBRARY_PATH.
file(MAKE_DIRECTORY "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
file(CREATE_LINK "${WEWORK_SPEC_VENDOR_LIBRARY}"
  "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/libWeWorkSpecSDK.so" SYMBOLIC)
