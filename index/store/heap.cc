// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/heap.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace leakfs::store {
namespace {
constexpr std::size_t buffer_size_max = 1 << 20;
constexpr int block_level = 3;  // zstd's default

Result<void> copy_by_hand(const File& source, std::uint64_t from, std::uint64_t length,
                          const File& file, std::uint64_t to) {
  ByteString piece(buffer_size_max, '\0');
  while (length > 0) {
    const std::size_t wanted = std::min<std::uint64_t>(length, piece.size());
    const std::size_t count = TRY(source.read_some(from, piece.data(), wanted));
    if (count == 0) return output_error(EIO, "a file that it is made of is cut");
    TRY(file.write(to, Bytes(piece).substr(0, count)));
    from += count;
    to += count;
    length -= count;
  }
  return {};
}

Result<void> copy_range(const File& source, std::uint64_t offset, std::uint64_t length,
                        const File& file, std::uint64_t target) {
  auto from = static_cast<off_t>(offset);
  auto to = static_cast<off_t>(target);
  while (length > 0) {
    const ssize_t count =
        ::copy_file_range(source.descriptor(), &from, file.descriptor(), &to, length, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == ENOSPC) return output_error(errno, "the index");
    if (count <= 0) {
      // Some file systems and kernels cannot copy by themselves.
      TRY_WITHIN("the index", copy_by_hand(source, static_cast<std::uint64_t>(from), length, file,
                                           static_cast<std::uint64_t>(to)));
      return {};
    }
    length -= static_cast<std::uint64_t>(count);
  }
  return {};
}

}  // namespace

Result<HeapWriter> HeapWriter::create(const std::string& beside) {
  HeapWriter heap;
  heap.file_ = TRY(File::temporary_beside(beside));
  return heap;
}

void HeapWriter::begin_with(const File& file, std::uint64_t offset, std::uint64_t length) {
  base_ = &file;
  base_offset_ = offset;
  base_length_ = length;
}

Result<records::Frame> HeapWriter::append(Bytes bytes) {
  const records::Frame frame(size(), static_cast<std::uint32_t>(bytes.size()));
  buffer_ += bytes;
  if (buffer_.size() >= buffer_size_max) TRY(flush());
  return frame;
}

Result<void> HeapWriter::flush() {
  TRY_WITHIN("the index", file_.write(written_, buffer_));
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<std::uint64_t> HeapWriter::copy_to(const File& file, std::uint64_t offset) {
  TRY(flush());
  if (base_ != nullptr) TRY(copy_range(*base_, base_offset_, base_length_, file, offset));
  TRY(copy_range(file_, 0, written_, file, offset + base_length_));
  return size();
}

BlockWriter::BlockWriter(HeapWriter& heap) : heap_(heap), encoder_({}, block_level) {}

Result<void> BlockWriter::append(Bytes bytes) {
  file_.size += bytes.size();
  while (!bytes.empty()) {
    const std::size_t room = std::min(block_size - block_.size(), bytes.size());
    block_ += bytes.substr(0, room);
    bytes.remove_prefix(room);
    if (block_.size() == block_size) TRY(flush());
  }
  return {};
}

Result<records::FileT> BlockWriter::finish() {
  if (!block_.empty()) TRY(flush());
  return std::exchange(file_, {});
}

Result<void> BlockWriter::flush() {
  ByteString frame;
  encoder_.append(frame, block_);
  block_.clear();
  file_.frames.push_back(TRY(heap_.append(frame)));
  return {};
}

}  // namespace leakfs::store
