// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: compressions that can only be decoded from the start, and compressions
// within one another. libarchive decodes them.
#pragma once

#include <memory>

#include "index/archive/handle.h"
#include "index/archive/piece_decoder.h"

namespace leakfs::archive {

constexpr int filters_max = 3;  // compressions within one another

// The number of compressions within one another that the input is under.
int count_filters(const codec::Input& input);

class FilterDecoder final : public PieceDecoder {
 public:
  // `input` outlives the decoder.
  static Result<std::unique_ptr<codec::Decoder>> open(const codec::Input& input);

  std::uint64_t input_bytes() const override { return below_->input_bytes(); }
  std::size_t memory() const override;

 private:
  FilterDecoder(const codec::Input& input, std::unique_ptr<codec::Decoder> below);
  Result<void> start();
  Result<Bytes> next_piece() override;
  void end();
  static la_ssize_t read_below(struct archive* reader, void* self, const void** data);

  const codec::Input& input_;
  // What libarchive reads: the input, or gzip within it, decoded here for its checksums.
  const std::unique_ptr<codec::Decoder> below_;
  ByteString block_;  // of it
  std::optional<Error> failure_;
  ReaderHandle reader_;
  bool is_ended_ = false;
};

}  // namespace leakfs::archive
