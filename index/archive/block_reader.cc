// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/block_reader.h"

namespace leakfs::archive {

Result<Bytes> BlockReader::next() {
  const int previous = current_;
  current_ = 1 - current_;
  ByteString& block = blocks_[current_];
  offsets_[current_] = offsets_[previous] + blocks_[previous].size();
  block.resize(decoder_block_size);
  const Result<std::size_t> length = decoder_.read(block.data(), block.size());
  block.resize(length ? *length : 0);
  if (!length) return std::unexpected(length.error());
  return Bytes(block);
}

Bytes BlockReader::rest_from(std::uint64_t offset) const {
  for (int i = 0; i < 2; ++i) {
    if (offset >= offsets_[i] && offset - offsets_[i] < blocks_[i].size()) {
      return Bytes(blocks_[i]).substr(offset - offsets_[i]);
    }
  }
  return {};
}

std::optional<Bytes> BlockReader::recent(std::uint64_t offset, std::size_t length) const {
  for (int i = 0; i < 2; ++i) {
    if (offset >= offsets_[i] && offset - offsets_[i] + length <= blocks_[i].size()) {
      return Bytes(blocks_[i]).substr(offset - offsets_[i], length);
    }
  }
  return std::nullopt;
}

}  // namespace leakfs::archive
