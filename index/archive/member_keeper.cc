// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/member_keeper.h"

namespace leakfs::archive {

void KeptBytes::clear() {
  memory_.clear();
  // The room goes back to the disk; where it does not, the bytes are written over.
  if (is_in_scratch_) static_cast<void>(scratch_.truncate(0).has_value());
  is_in_scratch_ = false;
  size_ = 0;
}

Result<void> KeptBytes::append(Bytes bytes) {
  if (!is_in_scratch_ && memory_.size() + bytes.size() <= kept_in_memory_max) {
    memory_ += bytes;
  } else {
    if (!is_in_scratch_) {
      is_in_scratch_ = true;
      TRY_WITHIN("a temporary file", scratch_.write(0, memory_));
      memory_ = {};
    }
    TRY_WITHIN("a temporary file", scratch_.write(size_, bytes));
  }
  size_ += bytes.size();
  return {};
}

Result<std::size_t> KeptBytes::read_some(std::uint64_t offset, char* buffer,
                                         std::size_t length) const {
  if (is_in_scratch_) return scratch_.read_some(offset, buffer, length);
  if (offset >= memory_.size()) return std::size_t{0};
  return memory_.copy(buffer, length, static_cast<std::size_t>(offset));
}

void MemberKeeper::begin() {
  kept_.clear();
  head_.clear();
  is_open_ = true;
  is_at_hand_ = false;
  is_weak_ = false;
  shape_ = Shape::other;
}

Result<void> MemberKeeper::add(Bytes bytes, bool is_at_hand) {
  is_at_hand_ = is_at_hand;
  if (!is_open_) {
    if (shape_ != Shape::other && !is_at_hand_) TRY(kept_.append(bytes));
    return {};
  }
  // Most members come in one piece.
  if (head_.empty() && !is_shape_open(bytes)) return decide(bytes);
  head_ += bytes;
  return is_shape_open(head_) ? Result<void>() : decide(head_);
}

Result<Shape> MemberKeeper::finish() {
  if (is_open_) TRY(decide(head_));
  return shape_;
}

Result<void> MemberKeeper::decide(Bytes head) {
  is_open_ = false;
  shape_ = nested_shape_of(head);
  is_weak_ = is_shape_weak(head);
  if (shape_ != Shape::other && !is_at_hand_) TRY(kept_.append(head));
  return {};
}

}  // namespace leakfs::archive
