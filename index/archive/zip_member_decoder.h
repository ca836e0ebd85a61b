// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: one member of a zip that libarchive decodes, because it is encrypted or
// of an unusual method. libarchive is shown a zip that holds this member only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "index/archive/piece_decoder.h"
#include "index/archive/seekable_input.h"
#include "index/archive/zip_entry.h"

namespace leakfs::archive {

class ZipMemberDecoder final : public PieceDecoder {
 public:
  // `input` is the member from its local header to the last of its bytes, and outlives the decoder.
  // Its checksum is not looked at. An Error: there is no such header, or the passphrase is missing
  // or wrong.
  static Result<std::unique_ptr<codec::Decoder>> open(const codec::Input& input,
                                                      const std::optional<std::string>& passphrase);

  std::uint64_t input_bytes() const override;
  std::size_t memory() const override;

 private:
  // The member, and behind it a directory that says where it is.
  class OneMemberZip final : public codec::Input {
   public:
    OneMemberZip(const codec::Input& member, ByteString directory)
        : member_(member), directory_(std::move(directory)) {}
    Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                  std::size_t length) const override;
    std::uint64_t size() const override { return member_.size() + directory_.size(); }

   private:
    const codec::Input& member_;
    const ByteString directory_;
  };

  ZipMemberDecoder(const codec::Input& member, ByteString directory);
  Result<void> start(const ZipEntry& entry, const std::optional<std::string>& passphrase);
  Result<Bytes> next_piece() override;

  OneMemberZip zip_;
  SeekableInput input_;
  ReaderHandle reader_;
  Bytes first_;  // decoded to see whether it can be
  bool is_ended_ = false;
};

}  // namespace leakfs::archive
