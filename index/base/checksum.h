// SPDX-License-Identifier: GPL-3.0-or-later
// XXH3-128: finds damage, not forgery. xxhash is behind this file.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs {

using Checksum = std::array<std::uint8_t, 16>;  // canonical (big-endian) form

Checksum checksum(Bytes bytes);
// Of the first bytes of a file, read piece by piece: a mapping would count as memory.
Result<Checksum> checksum(const File& file, std::uint64_t length);

// Of bytes that come in pieces.
class RunningChecksum {
 public:
  RunningChecksum();
  ~RunningChecksum();
  RunningChecksum(RunningChecksum&&) noexcept;
  RunningChecksum& operator=(RunningChecksum&&) noexcept;

  void add(Bytes bytes);
  // Of what was added since the last call.
  Checksum take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leakfs
