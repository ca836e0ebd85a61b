// SPDX-License-Identifier: GPL-3.0-or-later
// A library to preload: the N-th allocation behind the start of main() fails, once; or the first
// one of the N-th place, which is a chain of callers. N, which of the two, and whether it came to
// pass are in the file that LEAKFS_ALLOCATIONS names, as `Shared` has them. Of allocations a
// process that forks hands on how far it has counted; the places are those of all processes.
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

constexpr std::size_t places_max = 1 << 16;
constexpr int callers_max = 12;  // more of them tell places apart that do the same

struct Shared {
  std::uint64_t number;
  std::uint64_t is_of_places;
  std::atomic<std::uint64_t> failures;
  std::atomic<std::uint64_t> places;
  std::atomic<std::uint64_t> seen[places_max];  // hashes of places, 0 where there is none
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

struct Place {
  std::uint64_t hash = 1;
  int callers = 0;
};

_Unwind_Reason_Code add_caller(_Unwind_Context* context, void* argument) {
  auto* place = static_cast<Place*>(argument);
  place->hash = (place->hash ^ _Unwind_GetIP(context)) * 0x9e3779b97f4a7c15;
  return ++place->callers < callers_max ? _URC_NO_REASON : _URC_END_OF_STACK;
}

// Whether this is the first allocation of its place.
bool is_new_place() {
  Place place;
  _Unwind_Backtrace(add_caller, &place);
  for (std::size_t i = 0; i < places_max; ++i) {
    std::uint64_t found = 0;
    std::atomic<std::uint64_t>& seen = shared->seen[(place.hash + i) % places_max];
    if (seen.compare_exchange_strong(found, place.hash | 1)) return true;
    if (found == (place.hash | 1)) return false;
  }
  return false;
}

// Whether its number is that of this allocation.
bool is_the_one() {
  if (shared->is_of_places == 0) return ++allocations == shared->number;
  return shared->failures == 0 && is_new_place() && ++shared->places == shared->number;
}

bool fails() {
  if (shared == nullptr || !is_the_one()) return false;
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
