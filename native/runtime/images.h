// Which loaded file serves what: node exports an OpenSSL of its own, which comes before the
// system's in lookup order.
#ifndef WEWORK_SPEC_RUNTIME_IMAGES_H_
#define WEWORK_SPEC_RUNTIME_IMAGES_H_

#include <set>
#include <string>

namespace wework_spec {

// The path of the loaded file that holds the address, empty when there is none.
std::string FileOfAddress(const void* address);

// The path of the loaded library with this base name, empty when there is none.
std::string FileOfLibrary(const char* base_name);

// Whether the loaded library with this base name defines the symbol.
bool LibraryDefines(const char* base_name, const char* symbol);

// The files that serve the OpenSSL functions which the library with this base name imports, as the
// dynamic linker binds them for it. More than one means that two copies of OpenSSL are mixed, which
// ends in crashes.
std::set<std::string> OpenSslFilesOf(const char* base_name);

}  // namespace wework_spec

#endif  // WEWORK_SPEC_RUNTIME_IMAGES_H_
