// SPDX-License-Identifier: GPL-3.0-or-later
// zstd frames (RFC 8878), each with its content size and checksum. zstd is behind this file.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/error.h"

namespace leakfs::store {

constexpr std::size_t dictionary_size_max = 64 << 10;

// A dictionary trained on samples; empty if they are too few to be worth one.
ByteString train_dictionary(const std::vector<Bytes>& samples);

// A dictionary as it is kept in the heap, in a frame of its own; empty if it is.
ByteString encode_dictionary(Bytes dictionary);

// Bytes of the longest frame of so many bytes.
std::uint64_t frame_size_max(std::uint64_t content_size);

// Compresses with one dictionary or none. Not for several threads at once.
class FrameEncoder {
 public:
  FrameEncoder(Bytes dictionary, int level);
  ~FrameEncoder();
  FrameEncoder(FrameEncoder&&) noexcept;
  FrameEncoder& operator=(FrameEncoder&&) noexcept;

  // Appends the frame of `bytes` to `out`.
  void append(ByteString& out, Bytes bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Decompresses frames of one dictionary or none. Safe from several threads.
class FrameDecoder {
 public:
  explicit FrameDecoder(Bytes dictionary);
  ~FrameDecoder();
  FrameDecoder(FrameDecoder&&) noexcept;
  FrameDecoder& operator=(FrameDecoder&&) noexcept;

  // The content of a frame; an error if it is damaged or above `size_max` bytes.
  Result<ByteString> decode(Bytes frame, std::uint64_t size_max) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace leakfs::store
