// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/piece_decoder.h"

#include <algorithm>

namespace leakfs::archive {

Result<std::size_t> PieceDecoder::read(char* out, std::size_t length) {
  std::size_t count = 0;
  while (count < length) {
    if (pending_.empty()) pending_ = TRY(next_piece());
    if (pending_.empty()) break;
    const std::size_t piece = std::min(pending_.size(), length - count);
    std::copy_n(pending_.data(), piece, out + count);
    pending_.remove_prefix(piece);
    count += piece;
  }
  return count;
}

}  // namespace leakfs::archive
