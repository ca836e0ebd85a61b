// SPDX-License-Identifier: GPL-3.0-or-later
// How the bytes of a stream can be had again after the one pass of mkleakfs.
#pragma once

#include <cstdint>

namespace leakfs::archive {

enum class StreamKind : std::uint8_t {
  stored,    // a range of an input file as it is: plain tar, bare mbox, stored zip member
  deflated,  // a raw deflate stream (RFC 1951) in an input file: zip member
  copied,    // nowhere else: the index keeps the bytes
};

struct StreamPlan {
  StreamKind kind = StreamKind::copied;
  std::uint32_t input = 0;          // number of the input file on the command line
  std::uint64_t offset = 0;         // stored, deflated: of its first byte in that file
  std::uint64_t stored_length = 0;  // stored, deflated: bytes it takes there
  std::uint64_t length = 0;         // decompressed bytes; 0 for copied until it ends
};

}  // namespace leakfs::archive
