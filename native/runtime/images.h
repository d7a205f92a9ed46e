// The executable and the shared libraries that are loaded into the process: which file an address
// or a library belongs to, and which files provide a library's OpenSSL functions. Any thread.
#ifndef WEWORK_SPEC_RUNTIME_IMAGES_H_
#define WEWORK_SPEC_RUNTIME_IMAGES_H_

#include <set>
#include <string>

namespace wework_spec {

// The path of the loaded file that contains the address; empty if there is none.
std::string FileOfAddress(const void* address);

// The path of the loaded library with this base name; empty if there is none.
std::string FileOfLibrary(const char* base_name);

// Whether the loaded library with this base name, or one of its dependencies, defines the symbol.
bool LibraryDefines(const char* base_name, const char* symbol);

// The files that provide the OpenSSL functions imported by the library with this base name. Node
// exports an OpenSSL of its own, which precedes the system's in lookup order, so that is usually
// the executable. More than one file means that two copies of OpenSSL are mixed, which can crash.
std::set<std::string> OpenSslFilesOf(const char* base_name);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_IMAGES_H_
