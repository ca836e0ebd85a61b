// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/filter_decoder.h"

#include <algorithm>
#include <cerrno>

#include "index/archive/seekable_input.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t filter_read_size = 256 << 10;
constexpr std::size_t head_size = 64;
constexpr std::size_t filter_memory = 8 << 20;  // libarchive does not tell; xz at its default

ReaderHandle filter_reader() {
  ReaderHandle reader(archive_read_new());
  // Not archive_read_support_filter_all(): some of its filters start a program.
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_lzma(reader.get());
  archive_read_support_filter_lzip(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_filter_lz4(reader.get());
  archive_read_support_filter_compress(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  return reader;
}

}  // namespace

int count_filters(const codec::Input& input) {
  SeekableInput seekable(input);
  const ReaderHandle reader = filter_reader();
  seekable.open(reader.get());
  return std::max(0, archive_filter_count(reader.get()) - 1);  // less the memory itself
}

Result<std::unique_ptr<codec::Decoder>> FilterDecoder::open(const codec::Input& input) {
  char head[head_size] = {};
  const std::size_t length = TRY(input.read_some(0, head, sizeof head));
  std::unique_ptr<codec::Decoder> below = codec::open_plain(input);
  if (codec::format_of(Bytes(head, length)) == codec::Format::gzip) {
    below = TRY(codec::open(codec::Format::gzip, input, {}));
  }
  std::unique_ptr<FilterDecoder> decoder(new FilterDecoder(input, std::move(below)));
  TRY(decoder->start());
  return decoder;
}

FilterDecoder::FilterDecoder(const codec::Input& input, std::unique_ptr<codec::Decoder> below)
    : input_(input), below_(std::move(below)), reader_(filter_reader()) {}

std::size_t FilterDecoder::memory() const { return filter_memory + below_->memory(); }

Result<void> FilterDecoder::start() {
  struct archive_entry* entry = nullptr;
  int code = archive_read_open(reader_.get(), this, nullptr, read_below, nullptr);
  if (code == ARCHIVE_OK) code = archive_read_next_header(reader_.get(), &entry);
  if (failure_) return std::unexpected(*failure_);
  if (code == ARCHIVE_EOF) {
    end();
  } else if (code < ARCHIVE_WARN) {
    return input_error(error_text(reader_.get()), damaged_hint);
  }
  return {};
}

la_ssize_t FilterDecoder::read_below(struct archive* reader, void* self, const void** data) {
  auto* decoder = static_cast<FilterDecoder*>(self);
  decoder->block_.resize(filter_read_size);
  const Result<std::size_t> length =
      decoder->below_->read(decoder->block_.data(), filter_read_size);
  if (!length) {
    decoder->failure_ = length.error();
    archive_set_error(reader, EIO, "%s", length.error().text.c_str());
    return -1;
  }
  *data = decoder->block_.data();
  return static_cast<la_ssize_t>(*length);
}

Result<Bytes> FilterDecoder::next_piece() {
  while (!is_ended_) {
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(reader_.get(), &data, &size, &offset);
    if (failure_) return std::unexpected(*failure_);
    if (code == ARCHIVE_RETRY) continue;
    if (code == ARCHIVE_EOF || code < ARCHIVE_WARN) {
      end();
      // What gzip says of its damage is more than what libarchive made of the bytes before it.
      if (code != ARCHIVE_EOF && !damage()) {
        damaged(input_bytes() >= input_.size(), error_text(reader_.get()));
      }
    } else if (size > 0) {
      return Bytes(static_cast<const char*>(data), size);
    }
  }
  return Bytes();
}

void FilterDecoder::end() {
  is_ended_ = true;
  if (below_->damage()) damaged(below_->damage()->is_truncated, below_->damage()->text);
}

}  // namespace leakfs::archive
