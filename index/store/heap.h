// SPDX-License-Identifier: GPL-3.0-or-later
// The heap of an index: frames end to end, and files and streams made of blocks of it.
#pragma once

#include <cstdint>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/error.h"
#include "index/base/file.h"
#include "index/store/frame.h"
#include "index/store/records_generated.h"

namespace leakfs::store {

// Uncompressed bytes of each block of a file or copied stream, but for its last.
constexpr std::size_t block_size = 256 << 10;

// Checksums in a record of the table sums, at most.
constexpr std::size_t sum_group_size = 64;

// Collects the heap while an index is built, in a file that vanishes with the process.
class HeapWriter {
 public:
  // `beside` is the path of the index to be.
  static Result<HeapWriter> create(const std::string& beside);

  // Starts with the first `length` bytes of another heap, which begins at `offset` of `file`. Call
  // before anything is appended; the bytes are copied by copy_to().
  // `file` has to outlive this.
  void begin_with(const File& file, std::uint64_t offset, std::uint64_t length);

  // Bytes so far.
  std::uint64_t size() const { return base_length_ + written_ + buffer_.size(); }
  // Appends bytes as they are.
  Result<records::Frame> append(Bytes bytes);
  // Copies the whole heap into `file` at `offset`; its length.
  Result<std::uint64_t> copy_to(const File& file, std::uint64_t offset);

 private:
  Result<void> flush();

  const File* base_ = nullptr;
  std::uint64_t base_offset_ = 0;
  std::uint64_t base_length_ = 0;
  File file_;
  std::uint64_t written_ = 0;
  ByteString buffer_;
};

// Writes a file of blocks.
class BlockWriter {
 public:
  explicit BlockWriter(HeapWriter& heap);

  Result<void> append(Bytes bytes);
  // Ends the file; the writer can be used for another.
  Result<records::FileT> finish();

 private:
  Result<void> flush();

  HeapWriter& heap_;
  FrameEncoder encoder_;
  ByteString block_;
  records::FileT file_;
};

}  // namespace leakfs::store
