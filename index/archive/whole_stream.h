// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: all of an archive, decompressed from front to back, as a stream of the
// walk.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "index/archive/block_reader.h"
#include "index/archive/block_sums.h"
#include "index/archive/stream_plan.h"
#include "index/archive/walk_context.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/codec/decoder.h"

namespace leakfs::archive {

class WholeStream {
 public:
  // `context` outlives this.
  explicit WholeStream(WalkContext& context) : context_(context), sums_(context.visitor()) {}
  WholeStream(const WholeStream&) = delete;
  WholeStream& operator=(const WholeStream&) = delete;

  // Finds how it is decoded, and decodes its first block. False if the archive was given up.
  Result<bool> open();
  // Empty if there is nothing to be had.
  Bytes first() const { return first_; }
  bool is_compressed() const { return filters_ > 0; }

  // Tells the visitor of it. Call once, before next_block().
  Result<void> begin();
  StreamId id() const { return id_; }
  // The next block, the first included; empty at the end.
  Result<Bytes> next_block();
  // No block is wanted any more.
  Result<void> end();
  // Up to the end of the last block.
  std::uint64_t length() const { return length_; }
  // Bytes of the input that gave the member which began when `before` were read, that is the ones
  // since then; or all, where a window reaches so far back that a second copy of a large member
  // takes next to nothing (xz, zstd, lzma: up to gigabytes; gzip 32 KiB, bzip2 900 kB).
  std::uint64_t stored_bytes(std::uint64_t before) const;
  std::uint64_t input_bytes() const { return decoder_->input_bytes(); }
  // Behind damage: whether the stream goes on with what can be decoded after it. What is missing is
  // a loss then.
  Result<bool> go_on();
  // As of BlockReader.
  Bytes rest_from(std::uint64_t offset) const { return blocks_->rest_from(offset); }
  std::optional<Bytes> recent(std::uint64_t offset, std::size_t length) const {
    return blocks_->recent(offset, length);
  }

  const std::optional<codec::Damage>& damage() const { return decoder_->damage(); }
  // What the decoder says is wrong is the cause of what libarchive says, which is `why`.
  void report_damage(const std::string& source, std::uint64_t offset, const std::string& why);

 private:
  Result<void> open_decoder();
  codec::PointVisitor visitor();

  WalkContext& context_;
  int filters_ = 0;
  StreamPlan plan_;
  bool is_slow_ = false;
  bool is_far_ = false;  // members may be made of those long before
  std::unique_ptr<codec::Decoder> decoder_;
  std::optional<BlockReader> blocks_;
  BlockSums sums_;
  Bytes first_;
  bool is_first_ = true;
  StreamId id_;
  std::uint64_t length_ = 0;
  std::optional<std::uint64_t> gap_at_;  // the last that was reported
};

}  // namespace leakfs::archive
