// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/input.h"

#include <algorithm>

namespace leakfs::codec {

namespace {

std::size_t within(std::uint64_t offset, std::size_t length, std::uint64_t size) {
  if (offset >= size) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(length, size - offset));
}

}  // namespace

Result<std::size_t> RangeInput::read_some(std::uint64_t offset, char* buffer,
                                          std::size_t length) const {
  return below_.read_some(start_ + offset, buffer, within(offset, length, size_));
}

Result<std::size_t> FileInput::read_some(std::uint64_t offset, char* buffer,
                                         std::size_t length) const {
  return file_.read_some(offset, buffer, within(offset, length, size_));
}

Result<Bytes> InputReader::peek(std::size_t wanted) {
  if (buffer_.size() - taken_ < wanted) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    const std::size_t kept = buffer_.size();
    // Most zip members are small; their buffer is not larger than they are.
    const std::uint64_t left = input_->size() > end_ ? input_->size() - end_ : 0;
    const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_size - kept, left));
    buffer_.resize(kept + more);
    const Result<std::size_t> length = input_->read_some(end_, buffer_.data() + kept, more);
    buffer_.resize(kept + (length ? *length : 0));
    if (!length) return std::unexpected(length.error());
    end_ += *length;
  }
  return Bytes(buffer_).substr(taken_);
}

void InputReader::seek(std::uint64_t offset) {
  const std::uint64_t start = end_ - buffer_.size();
  if (offset >= start && offset <= end_) {
    taken_ = static_cast<std::size_t>(offset - start);
    return;
  }
  buffer_.clear();
  taken_ = 0;
  end_ = offset;
}

}  // namespace leakfs::codec
