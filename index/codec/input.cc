// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/input.h"

#include <algorithm>

namespace leakfs::codec {

Result<std::size_t> FileInput::read_some(std::uint64_t offset, char* buffer,
                                         std::size_t length) const {
  if (offset >= length_) return std::size_t{0};
  return file_.read_some(
      start_ + offset, buffer,
      static_cast<std::size_t>(std::min<std::uint64_t>(length, length_ - offset)));
}

Result<Bytes> InputReader::peek(std::size_t wanted) {
  if (buffer_.size() - taken_ < wanted) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    const std::size_t kept = buffer_.size();
    buffer_.resize(buffer_size);
    const Result<std::size_t> length =
        input_->read_some(end_, buffer_.data() + kept, buffer_size - kept);
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
