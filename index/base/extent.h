// SPDX-License-Identifier: GPL-3.0-or-later
// Where bytes are, independent of how they are reached.
#pragma once

#include <cstdint>

#include "index/base/ids.h"

namespace leakfs {

// A range of one stream. A stream is the decompressed bytes of an archive, of one member, or of a
// plain file. Units are bytes.
struct Extent {
  StreamId stream;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  friend bool operator==(const Extent&, const Extent&) = default;
};

}  // namespace leakfs
