// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders that are kept where they stopped, so that reading on does not start again.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>

#include "index/base/error.h"
#include "index/base/ids.h"
#include "index/codec/decoder.h"

namespace leakfs::content {

// One at work between two restart points, at most, however many readers want something there.
struct ForwardDecoder {
  std::mutex mutex;  // guards all below; held while decoding
  std::unique_ptr<const codec::Input> input;
  std::unique_ptr<codec::Decoder>
      decoder;                 // uses `input`; null before the first read and at the end
  std::uint64_t position = 0;  // in the stream, of the byte that it gives next
};

// Safe from several threads. The least recently used decoders go first.
class ForwardDecoders {
 public:
  // `memory_max` bounds what all decoders hold, in bytes, but for one that needs more than all of
  // it.
  explicit ForwardDecoders(std::size_t memory_max) : memory_max_(memory_max) {}

  // The one for the restart point at `begin` of the stream.
  std::shared_ptr<ForwardDecoder> at(StreamId stream, std::uint64_t begin);
  // Tells what it holds now that it has decoded; 0 makes room for others.
  void note_memory(const std::shared_ptr<ForwardDecoder>& decoder, std::size_t memory);

 private:
  struct Item {
    StreamId stream;
    std::uint64_t begin = 0;
    std::size_t memory = 0;
    std::shared_ptr<ForwardDecoder> decoder;
  };

  const std::size_t memory_max_;
  std::mutex mutex_;       // guards all below; never held while decoding
  std::list<Item> items_;  // most recently used first
};

}  // namespace leakfs::content
