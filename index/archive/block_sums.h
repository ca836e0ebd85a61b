// SPDX-License-Identifier: GPL-3.0-or-later
// Checksums of a stream while it goes by, by which a reader knows later that it decodes what was
// indexed. There is one for each block that a reader decodes in one go: sum_block_size bytes from
// the start of the stream or from a restart point, then from block to block; the last in front of
// a restart point and that at the end are shorter.
#pragma once

#include <cstdint>
#include <deque>

#include "index/archive/walk.h"
#include "index/base/bytes.h"
#include "index/base/checksum.h"
#include "index/base/error.h"
#include "index/base/ids.h"

namespace leakfs::archive {

class BlockSums {
 public:
  // `visitor` outlives this; it is told of the sums, in groups.
  explicit BlockSums(Visitor& visitor) : visitor_(visitor) {}

  void begin(StreamId stream);
  // A restart point, in front of which bytes may still have to come.
  void point(std::uint64_t offset) { points_.push_back(offset); }
  // The next bytes of the stream.
  Result<void> add(Bytes bytes);
  // No more bytes come.
  Result<void> end();

 private:
  Result<void> end_block();
  Result<void> end_group();

  Visitor& visitor_;
  StreamId stream_;
  std::deque<std::uint64_t> points_;  // those that are still ahead
  std::uint64_t position_ = 0;        // in the stream, of the next byte
  std::size_t block_length_ = 0;      // bytes of the current block so far
  RunningChecksum block_;
  SumGroup group_;
};

}  // namespace leakfs::archive
