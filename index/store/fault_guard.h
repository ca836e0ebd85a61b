// SPDX-License-Identifier: GPL-3.0-or-later
// A mapped file that somebody cuts, or whose disk fails, is a SIGBUS for whoever reads it. In a
// range that is guarded such a page reads as zeros instead, and the guard knows of it: what was
// read since is worth nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/base/bytes.h"

namespace leakfs::store {

// Guards a mapping from its making to its end, which comes before it is unmapped. A fault elsewhere
// does what it did before there were guards. There may be guards_max of them at a time.
class FaultGuard {
 public:
  static constexpr int guards_max = 16;

  explicit FaultGuard(Bytes mapped);
  // Whatever is mapped: while a library maps a file and reads it before it tells where.
  FaultGuard();
  ~FaultGuard();
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;

  bool has_faulted() const;

 private:
  FaultGuard(std::uintptr_t begin, std::size_t length);

  int slot_;  // -1: all were taken
};

}  // namespace leakfs::store
