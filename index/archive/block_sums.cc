// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/block_sums.h"

#include <algorithm>

namespace leakfs::archive {

void BlockSums::begin(StreamId stream) {
  stream_ = stream;
  points_.clear();
  position_ = 0;
  group_ = {.stream = stream};
}

Result<void> BlockSums::add(Bytes bytes) {
  while (!bytes.empty()) {
    if (!points_.empty() && points_.front() <= position_) {
      points_.pop_front();
      TRY(end_block());
      TRY(end_group());
      continue;
    }
    std::uint64_t room = sum_block_size - block_length_;
    if (!points_.empty()) room = std::min(room, points_.front() - position_);
    const Bytes piece = bytes.substr(0, room);
    bytes.remove_prefix(piece.size());
    block_.add(piece);
    block_length_ += piece.size();
    position_ += piece.size();
    if (block_length_ == sum_block_size) TRY(end_block());
  }
  return {};
}

Result<void> BlockSums::end() {
  TRY(end_block());
  return end_group();
}

Result<void> BlockSums::end_block() {
  if (block_length_ == 0) return {};
  block_length_ = 0;
  const Checksum sum = block_.take();
  group_.sums.append(sum.begin(), sum.end());
  if (group_.sums.size() < sum.size() * sum_group_size) return {};
  return end_group();
}

Result<void> BlockSums::end_group() {
  group_.length = position_ - group_.offset;
  if (group_.length > 0) TRY(visitor_.block_sums(group_));
  group_ = {.stream = stream_, .offset = position_};
  return {};
}

}  // namespace leakfs::archive
