// SPDX-License-Identifier: GPL-3.0-or-later
// How much of hostile archives is read at most. mkleakfs(1) lists these; real mail hits none.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"

namespace leakfs::archive {

// Bytes of a member that are read; the rest is a loss "member".
constexpr std::uint64_t member_size_max = 4_GiB;

// Decoded bytes per stored byte, for a member and for all that is in the archives in it. More is a
// loss "ratio": that member stops, or the archive that it is.
constexpr std::uint64_t ratio_max = 200;
// As many decoded bytes may have any ratio: short runs of one byte are packed 1000:1.
constexpr std::uint64_t ratio_free = 64_MiB;

// Decoded bytes of all archives per byte of all inputs, at each depth counted again. More is a loss
// "ratio" that ends the walk.
constexpr std::uint64_t output_ratio_max = 100;
// As many are always read.
constexpr std::uint64_t output_free = 64_GiB;

// Members of all archives. One more is a loss "members" that ends the walk.
constexpr std::uint64_t members_max = 50'000'000;

// Archives within archives, the input not counted. One more is a loss "nested".
constexpr int nested_max = 4;

// Those of the limits that a test cannot reach with small input.
struct Limits {
  std::uint64_t ratio_free = archive::ratio_free;
  std::uint64_t output_free = archive::output_free;
  std::uint64_t members_max = archive::members_max;

  // Whether that is more than `stored` bytes may hold: of a member, of all.
  bool is_ratio_exceeded(std::uint64_t decoded, std::uint64_t stored) const {
    return decoded > ratio_free && (decoded - 1) / ratio_max >= stored;
  }
  bool is_output_exceeded(std::uint64_t decoded, std::uint64_t stored) const {
    return decoded > output_free && (decoded - 1) / output_ratio_max >= stored;
  }
};

}  // namespace leakfs::archive
