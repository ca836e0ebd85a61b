// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the content of the members of a 7z, rar or iso9660, one after the other,
// as the walk over it delivers them.
#pragma once

#include <memory>

#include "index/archive/piece_decoder.h"
#include "index/archive/seekable_input.h"

namespace leakfs::archive {

// A reader of these formats.
ReaderHandle seekable_reader();

class MembersDecoder final : public PieceDecoder {
 public:
  // `input` outlives the decoder.
  static Result<std::unique_ptr<codec::Decoder>> open(const codec::Input& input);

  std::uint64_t input_bytes() const override;
  std::size_t memory() const override;

 private:
  explicit MembersDecoder(const codec::Input& input) : input_(input), reader_(seekable_reader()) {}
  Result<Bytes> next_piece() override;
  bool next_member();

  SeekableInput input_;
  ReaderHandle reader_;
  std::uint64_t delivered_ = 0;  // bytes of the current member
  bool is_in_member_ = false;
  bool is_ended_ = false;
};

}  // namespace leakfs::archive
