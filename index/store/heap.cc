// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/heap.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace leakfs::store {
namespace {
constexpr std::size_t buffer_size_max = 1 << 20;
constexpr int block_level = 3;  // zstd's default
}  // namespace

Result<HeapWriter> HeapWriter::create(const std::string& beside) {
  HeapWriter heap;
  heap.file_ = TRY(File::temporary_beside(beside));
  return heap;
}

Result<records::Frame> HeapWriter::append(Bytes bytes) {
  const records::Frame frame(written_ + buffer_.size(), static_cast<std::uint32_t>(bytes.size()));
  buffer_ += bytes;
  if (buffer_.size() >= buffer_size_max) {
    TRY_WITHIN("the index", file_.write(written_, buffer_));
    written_ += buffer_.size();
    buffer_.clear();
  }
  return frame;
}

Result<std::uint64_t> HeapWriter::copy_to(const File& file, std::uint64_t offset) {
  TRY_WITHIN("the index", file_.write(written_, buffer_));
  written_ += buffer_.size();
  buffer_.clear();
  off_t from = 0;
  auto to = static_cast<off_t>(offset);
  while (static_cast<std::uint64_t>(from) < written_) {
    const ssize_t count = ::copy_file_range(file_.descriptor(), &from, file.descriptor(), &to,
                                            written_ - static_cast<std::uint64_t>(from), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count > 0) continue;
    if (count < 0 && errno == ENOSPC) return output_error(errno, "the index");
    // Some file systems and kernels cannot copy by themselves.
    TRY_WITHIN("the index", copy_by_hand(static_cast<std::uint64_t>(from), file,
                                         static_cast<std::uint64_t>(to)));
    break;
  }
  return written_;
}

Result<void> HeapWriter::copy_by_hand(std::uint64_t from, const File& file, std::uint64_t to) {
  ByteString piece(buffer_size_max, '\0');
  while (from < written_) {
    const std::size_t length = TRY(file_.read_some(from, piece.data(), piece.size()));
    if (length == 0) return output_error(EIO, "its temporary file is cut");
    TRY(file.write(to, Bytes(piece).substr(0, length)));
    from += length;
    to += length;
  }
  return {};
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
