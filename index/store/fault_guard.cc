// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/fault_guard.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>

#include <sys/mman.h>

#include "index/store/seal.h"

namespace leakfs::store {
namespace {

// What the handler reads: it may take no lock.
struct Guarded {
  std::atomic<bool> is_taken = false;
  std::atomic<std::uintptr_t> begin = 0;
  std::atomic<std::uintptr_t> end = 0;  // 0: nothing is guarded here
  std::atomic<bool> has_faulted = false;
};

Guarded ranges[FaultGuard::guards_max];
struct sigaction former;

// Puts a page of zeros where the fault was. False if it was elsewhere.
bool repair(char* fault) {
  const auto address = reinterpret_cast<std::uintptr_t>(fault);
  for (Guarded& range : ranges) {
    if (address < range.begin || address >= range.end) continue;
    range.has_faulted = true;
    void* page = fault - address % page_size;
    return ::mmap(page, page_size, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
           page;
  }
  return false;
}

void handle(int signal, siginfo_t* information, void* /*context*/) {
  const int number = errno;
  // The instruction runs again: on the page of zeros, or into what a SIGBUS did before.
  if (!repair(static_cast<char*>(information->si_addr))) {
    ::sigaction(signal, &former, nullptr);
  }
  errno = number;
}

void install_handler() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(SIGBUS, &action, &former);
  });
}

int take_slot() {
  for (int slot = 0; slot < FaultGuard::guards_max; ++slot) {
    if (!ranges[slot].is_taken.exchange(true)) return slot;
  }
  return -1;
}

}  // namespace

FaultGuard::FaultGuard(Bytes mapped)
    : FaultGuard(reinterpret_cast<std::uintptr_t>(mapped.data()), mapped.size()) {}

FaultGuard::FaultGuard() : FaultGuard(0, UINTPTR_MAX) {}

FaultGuard::FaultGuard(std::uintptr_t begin, std::size_t length) : slot_(take_slot()) {
  install_handler();
  if (slot_ < 0) return;
  Guarded& range = ranges[slot_];
  range.has_faulted = false;
  range.begin = begin;
  range.end = begin + length;
}

FaultGuard::~FaultGuard() {
  if (slot_ < 0) return;
  ranges[slot_].end = 0;
  ranges[slot_].is_taken = false;
}

bool FaultGuard::has_faulted() const { return slot_ >= 0 && ranges[slot_].has_faulted; }

}  // namespace leakfs::store
