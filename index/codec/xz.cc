// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/xz.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

#include <lzma.h>

namespace leakfs::codec {
namespace {

constexpr std::size_t memory_max = 256 << 20;  // of a decoder: a dictionary of 192 MiB and more
constexpr std::size_t index_memory_max = 64 << 20;  // of a stream's index: 2 million blocks
constexpr Bytes xz_magic(
    "\xfd"
    "7zXZ\0",
    6);

const std::uint8_t* raw(Bytes bytes) { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }

// Throws where the decoder is short of memory, for that says nothing of the input.
lzma_ret checked(lzma_ret code) {
  if (code == LZMA_MEM_ERROR) throw std::bad_alloc();
  return code;
}

// The filters of a block, whose options liblzma allocates.
struct Filters {
  std::array<lzma_filter, LZMA_FILTERS_MAX + 1> list = {};

  Filters() { list[0].id = LZMA_VLI_UNKNOWN; }
  ~Filters() { lzma_filters_free(list.data(), nullptr); }
  Filters(const Filters&) = delete;
  Filters& operator=(const Filters&) = delete;
};

struct Stream {
  lzma_stream coder = LZMA_STREAM_INIT;

  Stream() = default;
  ~Stream() { lzma_end(&coder); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

struct FreeIndexHash {
  void operator()(lzma_index_hash* hash) const { lzma_index_hash_end(hash, nullptr); }
};

class XzDecoder final : public Decoder {
 public:
  XzDecoder(const Input& input, const RestartPoint& point, PointVisitor visit)
      : reader_(input, point.input_bit / 8),
        visit_(std::move(visit)),
        position_(point.offset),
        point_at_(point.offset) {}

  // Sets the state of a point within a stream, whose header is its context.
  Result<void> start(Bytes header) {
    if (header.empty()) return {};
    if (header.size() != LZMA_STREAM_HEADER_SIZE ||
        lzma_stream_header_decode(&flags_, raw(header)) != LZMA_OK) {
      return input_error(EIO, "the header of the xz stream is damaged");
    }
    header_ = header;
    return {};
  }

  Result<std::size_t> read(char* out, std::size_t length) override {
    std::size_t count = 0;
    while (count < length && !is_ended_) {
      if (header_.empty()) {
        TRY(begin_stream());
      } else if (!is_in_block_) {
        TRY(begin_block());
      } else {
        count += TRY(decode(out + count, length - count));
      }
    }
    return count;
  }

  std::uint64_t input_bytes() const override { return reader_.position(); }
  std::size_t memory() const override { return memory_ + InputReader::buffer_size; }

 private:
  // §2.1.1, and §2.2 for the padding before it.
  Result<void> begin_stream() {
    Bytes bytes = TRY(reader_.peek(LZMA_STREAM_HEADER_SIZE));
    while (bytes.starts_with(Bytes("\0\0\0\0", 4))) {
      reader_.skip(4);
      bytes = TRY(reader_.peek(LZMA_STREAM_HEADER_SIZE));
    }
    if (bytes.empty()) {
      is_ended_ = true;
      return {};
    }
    if (!bytes.starts_with(xz_magic.substr(0, bytes.size()))) {
      return end(false, "bytes that are no xz follow the end of the stream");
    }
    if (bytes.size() < LZMA_STREAM_HEADER_SIZE) return cut();
    if (lzma_stream_header_decode(&flags_, raw(bytes)) != LZMA_OK) return broken();
    header_ = bytes.substr(0, LZMA_STREAM_HEADER_SIZE);
    reader_.skip(LZMA_STREAM_HEADER_SIZE);
    hash_.reset(lzma_index_hash_init(nullptr, nullptr));
    if (!hash_) return internal_error("no memory for xz");
    return {};
  }

  // §3.1; a zero where its size should be begins the index, §4.
  Result<void> begin_block() {
    const Bytes first = TRY(reader_.peek());
    if (first.empty()) return cut();
    if (first[0] == '\0') return end_stream();
    const std::uint64_t start = reader_.position();
    block_ = {};
    block_.version = 1;
    block_.check = flags_.check;
    block_.filters = filters_.list.data();
    block_.header_size = lzma_block_header_size_decode(static_cast<unsigned char>(first[0]));
    const Bytes header = TRY(reader_.peek(block_.header_size));
    if (header.size() < block_.header_size) return cut();
    lzma_filters_free(filters_.list.data(), nullptr);
    if (checked(lzma_block_header_decode(&block_, nullptr, raw(header))) != LZMA_OK)
      return broken();
    const std::uint64_t usage = lzma_raw_decoder_memusage(filters_.list.data());
    if (usage > memory_max) return end(false, "the xz stream needs too much memory to be decoded");
    memory_ = static_cast<std::size_t>(usage);
    if (checked(lzma_block_decoder(&stream_.coder, &block_)) != LZMA_OK) return broken();
    reader_.skip(block_.header_size);
    is_in_block_ = true;
    if (visit_ && position_ > point_at_ && position_ - point_at_ >= point_distance) {
      point_at_ = position_;
      TRY(visit_({.offset = position_, .input_bit = 8 * start, .context = header_}));
    }
    return {};
  }

  Result<std::size_t> decode(char* out, std::size_t length) {
    const Bytes bytes = TRY(reader_.peek());
    lzma_stream& coder = stream_.coder;
    coder.next_in = raw(bytes);
    coder.avail_in = bytes.size();
    coder.next_out = reinterpret_cast<std::uint8_t*>(out);
    coder.avail_out = length;
    const lzma_ret code = checked(lzma_code(&coder, bytes.empty() ? LZMA_FINISH : LZMA_RUN));
    reader_.skip(bytes.size() - coder.avail_in);
    const std::size_t count = length - coder.avail_out;
    position_ += count;
    if (code == LZMA_STREAM_END) {
      is_in_block_ = false;
      if (hash_ && lzma_index_hash_append(hash_.get(), lzma_block_unpadded_size(&block_),
                                          block_.uncompressed_size) != LZMA_OK) {
        TRY(broken());
      }
    } else if (code == LZMA_BUF_ERROR && bytes.empty()) {
      TRY(cut());
    } else if (code != LZMA_OK && code != LZMA_BUF_ERROR) {
      TRY(broken());
    }
    return count;
  }

  // The index, which tells whether a block is missing, and the footer.
  Result<void> end_stream() {
    // Taken up in the middle, the blocks before are not known.
    const lzma_ret code = hash_ ? TRY(compare_index()) : TRY(skip_index());
    if (code == LZMA_BUF_ERROR) return cut();
    if (code != LZMA_STREAM_END) return broken();
    const Bytes footer = TRY(reader_.peek(LZMA_STREAM_HEADER_SIZE));
    if (footer.size() < LZMA_STREAM_HEADER_SIZE) return cut();
    lzma_stream_flags flags = {};
    if (lzma_stream_footer_decode(&flags, raw(footer)) != LZMA_OK ||
        lzma_stream_flags_compare(&flags_, &flags) != LZMA_OK) {
      return broken();
    }
    reader_.skip(LZMA_STREAM_HEADER_SIZE);
    header_.clear();
    return {};
  }

  Result<lzma_ret> compare_index() {
    lzma_ret code = LZMA_OK;
    while (code == LZMA_OK) {
      const Bytes bytes = TRY(reader_.peek());
      if (bytes.empty()) return LZMA_BUF_ERROR;
      std::size_t taken = 0;
      code = lzma_index_hash_decode(hash_.get(), raw(bytes), &taken, bytes.size());
      reader_.skip(taken);
    }
    return code;
  }

  Result<lzma_ret> skip_index() {
    lzma_index* index = nullptr;
    lzma_ret code = checked(lzma_index_decoder(&stream_.coder, &index, index_memory_max));
    while (code == LZMA_OK) {
      const Bytes bytes = TRY(reader_.peek());
      stream_.coder.next_in = raw(bytes);
      stream_.coder.avail_in = bytes.size();
      code = bytes.empty() ? LZMA_BUF_ERROR : checked(lzma_code(&stream_.coder, LZMA_RUN));
      reader_.skip(bytes.size() - stream_.coder.avail_in);
    }
    lzma_index_end(index, nullptr);
    return code;
  }

  Result<void> cut() { return end(true, "the xz stream is cut short"); }
  Result<void> broken() {
    return end(false, "the xz stream is damaged; what was read before may not be what was packed");
  }
  Result<void> end(bool is_truncated, const char* text) {
    is_ended_ = true;
    damaged(is_truncated, text);
    return {};
  }

  InputReader reader_;
  const PointVisitor visit_;
  std::uint64_t position_;  // of the next byte of the stream
  std::uint64_t point_at_;  // of the last point
  ByteString header_;       // of the stream, within one
  lzma_stream_flags flags_ = {};
  std::unique_ptr<lzma_index_hash, FreeIndexHash> hash_;  // of the blocks of the stream
  Filters filters_;
  lzma_block block_ = {};
  Stream stream_;  // decodes the block
  std::size_t memory_ = 0;
  bool is_in_block_ = false;
  bool is_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_xz_decoder(const Input& input, const RestartPoint& point,
                                                 PointVisitor visit) {
  auto decoder = std::make_unique<XzDecoder>(input, point, std::move(visit));
  TRY(decoder->start(point.context));
  return decoder;
}

Result<std::optional<std::uint64_t>> largest_xz_block(const Input& input) {
  Stream stream;
  lzma_index* index = nullptr;
  if (checked(lzma_file_info_decoder(&stream.coder, &index, index_memory_max, input.size())) !=
      LZMA_OK) {
    return internal_error("no memory for xz");
  }
  InputReader reader(input, 0);
  lzma_ret code = LZMA_OK;
  while (code == LZMA_OK || code == LZMA_SEEK_NEEDED) {
    if (code == LZMA_SEEK_NEEDED) reader.seek(stream.coder.seek_pos);
    const Bytes bytes = TRY(reader.peek());
    stream.coder.next_in = raw(bytes);
    stream.coder.avail_in = bytes.size();
    code = checked(lzma_code(&stream.coder, bytes.empty() ? LZMA_FINISH : LZMA_RUN));
    reader.skip(bytes.size() - stream.coder.avail_in);
  }
  if (code != LZMA_STREAM_END) return std::nullopt;
  std::uint64_t largest = 0;
  lzma_index_iter iterator;
  lzma_index_iter_init(&iterator, index);
  while (!lzma_index_iter_next(&iterator, LZMA_INDEX_ITER_BLOCK)) {
    largest = std::max<std::uint64_t>(largest, iterator.block.uncompressed_size);
  }
  lzma_index_end(index, nullptr);
  return largest;
}

}  // namespace leakfs::codec
