// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: a decoded stream in blocks of one size whose place is known.
#pragma once

#include <cstdint>
#include <optional>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/decoder.h"

namespace leakfs::archive {

// A multiple of tar's records, so that a header never lies across two blocks.
constexpr std::size_t decoder_block_size = 256 << 10;

class BlockReader {
 public:
  // `decoder` stands at its start and outlives this.
  explicit BlockReader(codec::Decoder& decoder) : decoder_(decoder) {}

  // The next block, shorter only at the end, where it is empty. The one before stays valid too.
  Result<Bytes> next();

  // The next bytes at an offset that are in one block and still here.
  Bytes rest_from(std::uint64_t offset) const;

  // The decoded bytes at an offset if they are still here: those of the last two blocks.
  std::optional<Bytes> recent(std::uint64_t offset, std::size_t length) const;

 private:
  codec::Decoder& decoder_;
  ByteString blocks_[2];
  std::uint64_t offsets_[2] = {0, 0};  // of the two blocks
  int current_ = 0;
};

}  // namespace leakfs::archive
