// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: a decoder of what libarchive gives in pieces of its own size.
#pragma once

#include "index/codec/decoder.h"

namespace leakfs::archive {

class PieceDecoder : public codec::Decoder {
 public:
  Result<std::size_t> read(char* out, std::size_t length) final;

 private:
  // The next bytes, valid until the next call; empty at the end, and from then on.
  virtual Result<Bytes> next_piece() = 0;

  Bytes pending_;  // decoded and not yet taken
};

}  // namespace leakfs::archive
