// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: a file, decompressed, in blocks of one size whose place in the stream is
// known. gzip is decoded here, for its checksums and its last bytes; the others by libarchive.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "index/archive/gzip.h"
#include "index/archive/handle.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::archive {

constexpr int filters_max = 3;  // compressions within one another

// A multiple of tar's records, so that a header never lies across two blocks.
constexpr std::size_t decoder_block_size = 256 << 10;

class Decoder {
 public:
  // Keeps using `file`.
  static Result<Decoder> open(const File& file, const std::string& path);

  // The next block, shorter only at the end, where it is empty. The one before stays valid too.
  Result<Bytes> next();

  bool is_compressed() const { return is_compressed_; }
  // Compressed bytes read so far.
  std::uint64_t input_bytes() const;
  const std::optional<Damage>& damage() const { return damage_; }

  // The decompressed bytes at an offset if they are still here: those of the last two blocks.
  std::optional<Bytes> recent(std::uint64_t offset, std::size_t length) const;

 private:
  explicit Decoder(const File& file) : file_(&file), reader_(archive_read_new()) {}
  static la_ssize_t read_gzip(struct archive* reader, void* gzip, const void** data);
  void end(const Result<std::uint64_t>& file_size);

  const File* file_;
  std::unique_ptr<GzipReader> gzip_;  // what libarchive reads, where that is not the file itself
  ReaderHandle reader_;
  bool is_compressed_ = false;
  bool is_ended_ = false;
  std::optional<Damage> damage_;
  ByteString blocks_[2];
  std::uint64_t offsets_[2] = {0, 0};  // of the two blocks
  int current_ = 0;
  Bytes pending_;  // decoded by libarchive and not yet in a block
};

}  // namespace leakfs::archive
