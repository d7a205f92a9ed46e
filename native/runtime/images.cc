#include "runtime/images.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <climits>
#include <cstring>

namespace wework_spec {
namespace {

const char* BaseName(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

std::string ExecutablePath() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
  return length <= 0 ? std::string() : std::string(path, static_cast<size_t>(length));
}

struct Search {
  const char* base_name;
  std::string path;
  const ElfW(Dyn) * dynamic;
  ElfW(Addr) base;
};

int FindLibrary(dl_phdr_info* info, size_t, void* data) {
  auto* search = static_cast<Search*>(data);
  if (info->dlpi_name == nullptr ||
      std::strcmp(BaseName(info->dlpi_name), search->base_name) != 0) {
    return 0;
  }
  search->path = info->dlpi_name;
  search->base = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    if (info->dlpi_phdr[i].p_type == PT_DYNAMIC) {
      search->dynamic =
          reinterpret_cast<const ElfW(Dyn)*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    }
  }
  return 1;
}

Search Find(const char* base_name) {
  Search search{base_name, {}, nullptr, 0};
  dl_iterate_phdr(FindLibrary, &search);
  return search;
}

// The functions that a library imports, read from its dynamic section: each relocation holds the
// index of a symbol, and the symbol's version identifies the library that it was linked against.
class Imports {
 public:
  Imports(const ElfW(Dyn) * entry, ElfW(Addr) base) {
    for (; entry->d_tag != DT_NULL; ++entry) {
      // glibc replaces some of these addresses by absolute ones and leaves others as in the file.
      const ElfW(Addr) address = entry->d_un.d_ptr;
      const ElfW(Addr) pointer = address < base ? base + address : address;
      switch (entry->d_tag) {
        case DT_SYMTAB:
          symbols_ = reinterpret_cast<const ElfW(Sym)*>(pointer);
          break;
        case DT_STRTAB:
          names_ = reinterpret_cast<const char*>(pointer);
          break;
        case DT_VERSYM:
          versions_ = reinterpret_cast<const ElfW(Versym)*>(pointer);
          break;
        case DT_VERNEED:
          needed_ = reinterpret_cast<const ElfW(Verneed)*>(pointer);
          break;
        case DT_JMPREL:
          calls_.table = reinterpret_cast<const ElfW(Rela)*>(pointer);
          break;
        case DT_PLTRELSZ:
          calls_.count = entry->d_un.d_val / sizeof(ElfW(Rela));
          break;
        case DT_RELA:
          data_.table = reinterpret_cast<const ElfW(Rela)*>(pointer);
          break;
        case DT_RELASZ:
          data_.count = entry->d_un.d_val / sizeof(ElfW(Rela));
          break;
        default:
          break;
      }
    }
  }

  // Calls `visit(name)` for each symbol that was linked against libssl or libcrypto.
  template <typename Visit>
  void ForEachOpenSslName(Visit visit) const {
    if (symbols_ == nullptr || names_ == nullptr || versions_ == nullptr) return;
    const std::set<ElfW(Versym)> wanted = OpenSslVersions();
    for (const Relocations& list : {calls_, data_}) {
      for (size_t i = 0; list.table != nullptr && i < list.count; ++i) {
        const size_t index = ELF64_R_SYM(list.table[i].r_info);
        if (wanted.count(versions_[index] & kVersionMask) == 0) continue;
        visit(names_ + symbols_[index].st_name);
      }
    }
  }

 private:
  static constexpr ElfW(Versym) kVersionMask = 0x7fff;  // the top bit marks hidden symbols

  struct Relocations {
    const ElfW(Rela) * table = nullptr;
    size_t count = 0;
  };

  std::set<ElfW(Versym)> OpenSslVersions() const {
    std::set<ElfW(Versym)> versions;
    const ElfW(Verneed)* file = needed_;
    while (file != nullptr) {
      const char* name = names_ + file->vn_file;
      const bool wanted =
          std::strncmp(name, "libssl.", 7) == 0 || std::strncmp(name, "libcrypto.", 10) == 0;
      const auto* version = After<ElfW(Vernaux)>(file, file->vn_aux);
      while (wanted && version != nullptr) {
        versions.insert(version->vna_other & kVersionMask);
        version =
            version->vna_next == 0 ? nullptr : After<ElfW(Vernaux)>(version, version->vna_next);
      }
      file = file->vn_next == 0 ? nullptr : After<ElfW(Verneed)>(file, file->vn_next);
    }
    return versions;
  }

  template <typename T>
  static const T* After(const void* place, size_t offset) {
    return reinterpret_cast<const T*>(static_cast<const char*>(place) + offset);
  }

  const ElfW(Sym) * symbols_ = nullptr;
  const char* names_ = nullptr;
  const ElfW(Versym) * versions_ = nullptr;
  const ElfW(Verneed) * needed_ = nullptr;
  Relocations calls_;
  Relocations data_;
};

}  // namespace

// Does not use dladdr, which also searches for the symbol's name. That is slow, because node
// exports about a hundred thousand symbols.
std::string FileOfAddress(const void* address) {
  struct Wanted {
    ElfW(Addr) address;
    std::string path;
  } wanted{reinterpret_cast<ElfW(Addr)>(address), {}};
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* data) {
        auto* sought = static_cast<Wanted*>(data);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& segment = info->dlpi_phdr[i];
          const ElfW(Addr) start = info->dlpi_addr + segment.p_vaddr;
          if (segment.p_type != PT_LOAD || sought->address < start ||
              sought->address >= start + segment.p_memsz) {
            continue;
          }
          // dl_iterate_phdr reports the executable without a name.
          sought->path = *info->dlpi_name == '\0' ? ExecutablePath() : info->dlpi_name;
          return 1;
        }
        return 0;
      },
      &wanted);
  return wanted.path;
}

std::string FileOfLibrary(const char* base_name) { return Find(base_name).path; }

bool LibraryDefines(const char* base_name, const char* symbol) {
  void* library = dlopen(FileOfLibrary(base_name).c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return false;
  const void* address = dlsym(library, symbol);
  dlclose(library);
  return address != nullptr;
}

std::set<std::string> OpenSslFilesOf(const char* base_name) {
  std::set<std::string> files;
  const Search library = Find(base_name);
  if (library.dynamic == nullptr) return files;
  Imports(library.dynamic, library.base).ForEachOpenSslName([&files](const char* name) {
    // The library was loaded together with the addon, so both look up names in the same order.
    files.insert(FileOfAddress(dlsym(RTLD_DEFAULT, name)));
  });
  return files;
}

}  // namespace wework_spec
