// SPDX-License-Identifier: GPL-3.0-or-later
// A library to preload: the N-th allocation behind the start of main() fails, once. N and whether
// it came to pass are in the file that LEAKFS_ALLOCATIONS names: two numbers of 8 bytes, in this
// machine's order. A process that forks hands on how far it has counted.
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

struct Shared {
  std::uint64_t number;
  std::atomic<std::uint64_t> failures;
};

Shared* shared = nullptr;  // null before main()
std::atomic<std::uint64_t> allocations = 0;

using Main = int(int, char**, char**);
Main* program = nullptr;

int count_in_main(int argc, char** argv, char** environment) {
  const char* path = std::getenv("LEAKFS_ALLOCATIONS");
  const int file = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
  if (file >= 0) {
    void* page = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (page != MAP_FAILED) shared = static_cast<Shared*>(page);
  }
  return program(argc, argv, environment);
}

bool fails() {
  if (shared == nullptr || ++allocations != shared->number) return false;
  ++shared->failures;
  errno = ENOMEM;
  return true;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return fails() ? nullptr : __libc_malloc(size); }

void* calloc(std::size_t count, std::size_t size) {
  return fails() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) { return fails() ? nullptr : __libc_realloc(old, size); }

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : __libc_memalign(alignment, size);
}

int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  *result = fails() ? nullptr : __libc_memalign(alignment, size);
  return *result == nullptr ? ENOMEM : 0;
}

// What crt1.o calls; the LSB has its description.
int __libc_start_main(Main* main, int argc, char** argv, void (*init)(), void (*fini)(),
                      void (*loader_fini)(), void* stack_end) {
  program = main;
  auto* next =
      reinterpret_cast<decltype(&__libc_start_main)>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return next(count_in_main, argc, argv, init, fini, loader_fini, stack_end);
}

}  // extern "C"
