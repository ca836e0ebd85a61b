// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: a raw deflate stream (RFC 1951) in a file, read forward. zlib is behind
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "index/archive/stream_plan.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"

namespace leakfs::archive {

// Decoded bytes that stay readable behind the front: the kernel's read-ahead asks a little out of
// order, and going back costs decoding from the start.
constexpr std::size_t inflater_window = 512 << 10;

// Not for several threads at once.
class Inflater {
 public:
  // Keeps using `file`.
  Inflater(const File& file, const StreamPlan& plan);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  const StreamPlan& plan() const { return plan_; }
  // The first byte that can still be read.
  std::uint64_t window_start() const { return position_ - recent_.size(); }

  // Exactly `length` bytes from `offset`, which is not before window_start(). Cost: of the bytes
  // from the front to their end. After an error every further read gives that error.
  Result<ByteString> read(std::uint64_t offset, std::size_t length);

 private:
  struct State;

  Result<ByteString> read_on(std::uint64_t offset, std::size_t length);
  Result<Bytes> decode(std::size_t length);
  Result<void> fill();

  const File& file_;
  const StreamPlan plan_;
  std::unique_ptr<State> state_;
  ByteString input_;
  std::uint64_t taken_ = 0;     // compressed bytes read
  std::uint64_t position_ = 0;  // of the front: bytes decoded
  ByteString recent_;           // the last of them
  std::optional<Error> failure_;
};

}  // namespace leakfs::archive
