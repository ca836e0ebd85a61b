// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the content of the members of a 7z, rar or iso9660, one after the other,
// as the walk over it delivers them.
#pragma once

#include <memory>

#include "index/archive/member_reader.h"
#include "index/archive/piece_decoder.h"

namespace leakfs::archive {

class MembersDecoder final : public PieceDecoder {
 public:
  // `input` outlives the decoder.
  explicit MembersDecoder(const codec::Input& input) : reader_(input) {}

  std::uint64_t input_bytes() const override;
  std::size_t memory() const override;

 private:
  Result<Bytes> next_piece() override;
  bool next_member();

  MemberReader reader_;
  std::uint64_t delivered_ = 0;  // bytes of the current member
  bool is_in_member_ = false;
  bool is_ended_ = false;
};

}  // namespace leakfs::archive
