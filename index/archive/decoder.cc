// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/decoder.h"

#include <algorithm>
#include <cerrno>

namespace leakfs::archive {
namespace {
constexpr std::size_t read_size = 1 << 20;
}

Result<Decoder> Decoder::open(const File& file, const std::string& path) {
  Decoder decoder(file);
  struct archive* reader = decoder.reader_.get();
  // Not archive_read_support_filter_all(): some of its filters start a program.
  archive_read_support_filter_gzip(reader);  // within another compression
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_lzma(reader);
  archive_read_support_filter_lzip(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_filter_lz4(reader);
  archive_read_support_filter_compress(reader);
  archive_read_support_format_raw(reader);
  archive_read_support_format_empty(reader);
  const bool is_gzip = TRY_WITHIN(path, GzipReader::is_gzip(file));
  int code = ARCHIVE_OK;
  if (is_gzip) {
    decoder.gzip_ = std::make_unique<GzipReader>(file);
    code = archive_read_open(reader, decoder.gzip_.get(), nullptr, read_gzip, nullptr);
  } else {
    code = archive_read_open_fd(reader, file.descriptor(), read_size);
  }
  if (code != ARCHIVE_OK) return input_error(path + ": " + error_text(reader), damaged_hint);
  struct archive_entry* entry = nullptr;
  code = archive_read_next_header(reader, &entry);
  decoder.is_ended_ = code == ARCHIVE_EOF;
  if (decoder.is_ended_) {
    decoder.end(file.size());
    return decoder;
  }
  if (code < ARCHIVE_WARN) return input_error(path + ": " + error_text(reader), damaged_hint);
  const int filters = archive_filter_count(reader) - 1 + (is_gzip ? 1 : 0);  // less the file itself
  if (filters > filters_max) {
    return input_error(path + ": more than 3 compressions within one another",
                       "decompress it first");
  }
  decoder.is_compressed_ = filters > 0;
  return decoder;
}

la_ssize_t Decoder::read_gzip(struct archive* reader, void* gzip, const void** data) {
  const Result<Bytes> bytes = static_cast<GzipReader*>(gzip)->next();
  if (!bytes) {
    archive_set_error(reader, EIO, "%s", bytes.error().text.c_str());
    return -1;
  }
  *data = bytes->data();
  return static_cast<la_ssize_t>(bytes->size());
}

Result<Bytes> Decoder::next() {
  const int previous = current_;
  current_ = 1 - current_;
  ByteString& block = blocks_[current_];
  offsets_[current_] = offsets_[previous] + blocks_[previous].size();
  block.clear();
  while (block.size() < decoder_block_size) {
    if (pending_.empty()) {
      if (is_ended_) break;
      const void* data = nullptr;
      std::size_t length = 0;
      la_int64_t offset = 0;
      const int code = archive_read_data_block(reader_.get(), &data, &length, &offset);
      if (code == ARCHIVE_RETRY) continue;
      if (code == ARCHIVE_EOF || code < ARCHIVE_WARN) {
        if (code != ARCHIVE_EOF) damage_ = Damage{.text = error_text(reader_.get())};
        end(file_->size());
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

// What gzip says of its damage is more than what libarchive made of the bytes before it.
void Decoder::end(const Result<std::uint64_t>& file_size) {
  is_ended_ = true;
  if (gzip_ && gzip_->damage()) {
    damage_ = gzip_->damage();
  } else if (damage_) {
    damage_->is_truncated = file_size && input_bytes() >= *file_size;
  }
}

std::uint64_t Decoder::input_bytes() const {
  if (gzip_) return gzip_->input_bytes();
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
