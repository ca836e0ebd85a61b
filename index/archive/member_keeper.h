// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: keeps a member while it goes by, if it looks like an archive, so that it
// can be walked when it is whole.
#pragma once

#include <cstdint>

#include "index/archive/shape.h"
#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"
#include "index/codec/input.h"

namespace leakfs::archive {

// Bytes that are kept in memory; more go to a file.
constexpr std::size_t kept_in_memory_max = 1 << 20;

// What was kept of a member.
class KeptBytes final : public codec::Input {
 public:
  // `scratch` is for what is too large for memory; nobody else uses it, and it outlives this.
  explicit KeptBytes(const File& scratch) : scratch_(scratch) {}

  void clear();
  Result<void> append(Bytes bytes);

  Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                std::size_t length) const override;
  std::uint64_t size() const override { return size_; }

 private:
  const File& scratch_;
  bool is_in_scratch_ = false;  // all of it, once it is larger than memory
  ByteString memory_;
  std::uint64_t size_ = 0;
};

class MemberKeeper {
 public:
  // As for KeptBytes.
  explicit MemberKeeper(const File& scratch) : kept_(scratch) {}

  // The next member starts.
  void begin();
  // Its next bytes. `is_at_hand`: it can be read again where it lies, and is not kept.
  Result<void> add(Bytes bytes, bool is_at_hand);
  // The member is whole: its shape, by all that was seen.
  Result<Shape> finish();

  bool is_weak() const { return is_weak_; }
  // Valid after finish() until begin(), unless the member is at hand.
  const codec::Input& bytes() const { return kept_; }

 private:
  Result<void> decide(Bytes head);

  KeptBytes kept_;
  ByteString head_;  // while the shape is open
  bool is_open_ = true;
  bool is_at_hand_ = false;
  bool is_weak_ = false;
  Shape shape_ = Shape::other;
};

}  // namespace leakfs::archive
