// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/decoder.h"

#include <algorithm>

namespace leakfs::archive {
namespace {
constexpr std::size_t read_size = 1 << 20;
}

Result<Decoder> Decoder::open(const File& file, const std::string& path) {
  Decoder decoder{ReaderHandle(archive_read_new())};
  struct archive* reader = decoder.reader_.get();
  // Not archive_read_support_filter_all(): some of its filters start a program.
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_lzma(reader);
  archive_read_support_filter_lzip(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_filter_lz4(reader);
  archive_read_support_filter_compress(reader);
  archive_read_support_format_raw(reader);
  archive_read_support_format_empty(reader);
  if (archive_read_open_fd(reader, file.descriptor(), read_size) != ARCHIVE_OK) {
    return input_error(path + ": " + error_text(reader));
  }
  struct archive_entry* entry = nullptr;
  const int code = archive_read_next_header(reader, &entry);
  if (code == ARCHIVE_EOF) return decoder;
  if (code < ARCHIVE_WARN) return input_error(path + ": " + error_text(reader));
  const int filters = archive_filter_count(reader) - 1;  // the last is the file itself
  if (filters > filters_max) {
    return input_error(path + ": more than 3 compressions within one another",
                       "decompress it first");
  }
  decoder.is_compressed_ = filters > 0;
  return decoder;
}

Result<Bytes> Decoder::next() {
  const int previous = current_;
  current_ = 1 - current_;
  ByteString& block = blocks_[current_];
  offsets_[current_] = offsets_[previous] + blocks_[previous].size();
  block.clear();
  while (block.size() < decoder_block_size) {
    if (pending_.empty()) {
      if (damage_) break;
      const void* data = nullptr;
      std::size_t length = 0;
      la_int64_t offset = 0;
      const int code = archive_read_data_block(reader_.get(), &data, &length, &offset);
      if (code == ARCHIVE_EOF) break;
      if (code == ARCHIVE_RETRY) continue;
      if (code < ARCHIVE_WARN) {
        damage_ = error_text(reader_.get());
        break;
      }
      pending_ = Bytes(static_cast<const char*>(data), length);
    }
    const std::size_t taken = std::min(pending_.size(), decoder_block_size - block.size());
    block += pending_.substr(0, taken);
    pending_.remove_prefix(taken);
  }
  return Bytes(block);
}

std::uint64_t Decoder::input_bytes() const {
  return static_cast<std::uint64_t>(
      std::max<la_int64_t>(0, archive_filter_bytes(reader_.get(), -1)));
}

std::optional<Bytes> Decoder::recent(std::uint64_t offset, std::size_t length) const {
  for (int i = 0; i < 2; ++i) {
    if (offset >= offsets_[i] && offset - offsets_[i] + length <= blocks_[i].size()) {
      return Bytes(blocks_[i]).substr(offset - offsets_[i], length);
    }
  }
  return std::nullopt;
}

}  // namespace leakfs::archive
