// SPDX-License-Identifier: GPL-3.0-or-later
// Random access to the streams of an index: a read decodes from the restart point before it, in
// blocks that are kept, and no further than it has to. No byte of a block is given before the
// block's checksum was found to be the one that the index has.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "fs/content/block_ahead.h"
#include "fs/content/cache.h"
#include "fs/content/forward_decoders.h"
#include "fs/content/window.h"
#include "index/archive/source.h"
#include "index/archive/stream_plan.h"
#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/store/snapshot.h"

namespace leakfs::content {

// Safe from several threads.
class Streams {
 public:
  // All outlive this. `decoder_memory_max` in bytes.
  Streams(const store::Snapshot& index, archive::Source source, Cache& cache,
          std::size_t decoder_memory_max);

  // Ends decoding, wherever it is, and for ever.
  void stop() { is_stopped_ = true; }

  // Exactly the bytes of the window; beyond the end of the stream is an error.
  Result<ByteString> read(StreamId id, Window window);

 private:
  class NestedInput;
  struct Place;

  Result<std::unique_ptr<const codec::Input>> input_of(const archive::StreamPlan& plan);
  Result<ByteString> read_blocks(StreamId id, const archive::StreamPlan& plan, Window window);
  Result<SharedBytes> block(const Place& place);
  Result<SharedBytes> decode(const Place& place);
  Result<SharedBytes> decode_up_to(ForwardDecoder& forward, const Place& place);
  Result<ByteString> read_stored(const Place& place);
  Result<ByteString> take(codec::Decoder& decoder, const Place& place, std::uint64_t offset);
  Result<void> verify(const Place& place, std::uint64_t offset, Bytes block);
  Error changed(archive::StreamPlan plan) const;
  Result<void> start(ForwardDecoder& forward, const Place& place);

  const store::Snapshot& index_;
  const archive::Source source_;
  Cache& cache_;
  ForwardDecoders decoders_;
  std::atomic<bool> is_stopped_ = false;
  BlockAhead block_ahead_;  // ends first: its thread reads from this
};

}  // namespace leakfs::content
