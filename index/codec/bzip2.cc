// SPDX-License-Identifier: GPL-3.0-or-later
// libbz2 tells neither where a block starts nor can it start there. Blocks begin with 48 bits that
// are looked for here; each is decoded as a stream of its own, made of a header, the block and an
// end. The format has no specification; the layout is that of the reference implementation, 1.0.8.
#include "index/codec/bzip2.h"

#include <algorithm>
#include <cerrno>
#include <new>

#include <bzlib.h>

#include "index/codec/bit_reader.h"

namespace leakfs::codec {
namespace {

constexpr std::uint64_t block_magic = 0x314159265359;
constexpr std::uint64_t end_magic = 0x177245385090;
constexpr std::uint64_t stream_magic = 0x425a68;  // "BZh", then the level
constexpr unsigned stream_header_bits = 32;
constexpr unsigned crc_bits = 32;
constexpr std::size_t block_size_max = 900'000;  // decoded, at level 9
constexpr std::size_t packed_size_max = 2 * block_size_max;
// Magic, checksum, flag, origin, two maps of 16 symbols, the numbers of tables and selectors, one
// selector, two tables of three symbols, and one symbol: shorter ones are not worth a try.
constexpr unsigned block_bits_min = 48 + 32 + 1 + 24 + 2 * 16 + 3 + 15 + 1 + 2 * (5 + 3) + 1;
constexpr unsigned false_magics_max = 3;  // the magic by chance within a block: 1 in 2^48
constexpr unsigned false_magics_total =
    1000;  // in all, or a file of magics takes four times as long
// Blocks are slow to decode, so points are nearer to one another.
constexpr std::uint64_t bzip2_point_distance = 512_KiB;

std::uint32_t rotated(std::uint32_t value) { return value << 1 | value >> 31; }

// Behind the magic of a block.
std::uint32_t crc_of(const BitString& block) {
  std::uint32_t crc = 0;
  for (const char byte : block.bytes().substr(pattern_bits / 8, crc_bits / 8)) {
    crc = crc << 8 | static_cast<unsigned char>(byte);
  }
  return crc;
}

// The content of a block; absent if it is damaged or ends elsewhere.
std::optional<ByteString> decode_block(const BitString& block) {
  BitString whole("BZh9");
  whole.append(block);
  whole.append(end_magic, pattern_bits);
  whole.append(crc_of(block), crc_bits);
  bz_stream stream = {};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw std::bad_alloc();
  // What follows a magic is seldom no block, but in a file of magics each is none.
  constexpr std::size_t first_size = 16_KiB;
  ByteString content(first_size, '\0');
  stream.next_in = const_cast<char*>(whole.bytes().data());
  stream.avail_in = static_cast<unsigned>(whole.bytes().size());
  stream.next_out = content.data();
  stream.avail_out = static_cast<unsigned>(content.size());
  int code = BZ_OK;
  while (code == BZ_OK) {
    if (stream.avail_out == 0) {
      const std::size_t size = content.size();
      content.resize(2 * size);
      stream.next_out = content.data() + size;
      stream.avail_out = static_cast<unsigned>(size);
    }
    const unsigned room = stream.avail_out;
    code = BZ2_bzDecompress(&stream);
    if (code == BZ_OK && stream.avail_in == 0 && stream.avail_out == room) break;
  }
  content.resize(content.size() - stream.avail_out);
  BZ2_bzDecompressEnd(&stream);
  if (code == BZ_MEM_ERROR) throw std::bad_alloc();
  if (code != BZ_STREAM_END) return std::nullopt;
  return content;
}

class Bzip2Decoder final : public Decoder {
 public:
  Bzip2Decoder(const Input& input, const RestartPoint& point, PointVisitor visit)
      : input_(input),
        bits_(input, point.input_bit),
        visit_(std::move(visit)),
        block_end_(point.offset),
        point_at_(point.offset),
        is_in_stream_(point.input_bit != 0),
        is_resumed_(is_in_stream_) {}

  Result<std::size_t> read(char* out, std::size_t length) override {
    std::size_t count = 0;
    while (count < length) {
      if (taken_ == block_.size()) {
        // No point tells of what is missing at the start: from there, it is always passed over.
        if (is_stopped_ && block_end_ == 0 && TRY(search())) continue;
        if (is_ended_ || is_stopped_) break;
        TRY(next_block());
        continue;
      }
      const std::size_t piece = std::min(length - count, block_.size() - taken_);
      std::copy_n(block_.data() + taken_, piece, out + count);
      taken_ += piece;
      count += piece;
    }
    return count;
  }

  Result<bool> go_on() override {
    if (!is_stopped_ || is_ended_ || !TRY(search())) return false;
    forget_damage();
    return true;
  }

  std::uint64_t input_bytes() const override { return (bits_.position() + 7) / 8; }
  std::size_t memory() const override {
    return block_.size() + packed_size_max + InputReader::buffer_size;
  }

 private:
  Result<void> next_block() {
    if (!is_in_stream_) return begin_stream();
    const std::optional<std::uint64_t> magic = TRY(bits_.peek(pattern_bits));
    if (!magic) return cut();
    if (*magic == end_magic) return end_stream();
    if (*magic != block_magic) return stop(block_damage);
    for (unsigned ignored = 0; ignored <= false_magics_max; ++ignored) {
      if (ignored > 0 && ++false_magics_ > false_magics_total) break;
      const std::optional<BitString> block = TRY(block_up_to(ignored));
      if (!block) break;
      if (block->length() < block_bits_min) continue;
      std::optional<ByteString> content = decode_block(*block);
      if (!content) continue;
      TRY(visit_block());
      take(*block, *std::move(content));
      return {};
    }
    // Without an end of the block there may be more of it, or too much.
    char byte = 0;
    const std::uint64_t limit = bits_.position() / 8 + packed_size_max;
    if (TRY(input_.read_some(limit, &byte, 1)) == 0 && !TRY(block_up_to(0))) {
      return cut();
    }
    return stop(block_damage);
  }

  // The block at the front can be decoded. Behind a gap it is a point in any case, so that nobody
  // who starts at a point comes upon the gap.
  Result<void> visit_block() {
    const bool is_wanted = is_behind_gap_ || block_end_ - point_at_ >= bzip2_point_distance;
    is_behind_gap_ = false;
    if (!visit_ || !is_wanted || block_end_ == point_at_) return {};
    point_at_ = block_end_;
    return visit_({.offset = block_end_, .input_bit = bits_.position(), .context = {}});
  }

  // To the next block or end of a stream behind the front. False if there is none.
  Result<bool> search() {
    while (bits_.position() / 8 < input_.size()) {
      const std::optional<BitString> skipped = TRY(block_up_to(0));
      const std::uint64_t step = 8 * (packed_size_max - pattern_bits / 8);
      bits_.seek(bits_.position() + (skipped ? skipped->length() : step));
      if (!skipped) continue;
      is_stopped_ = false;
      is_in_stream_ = true;
      is_resumed_ = true;  // its checksum cannot be made
      is_behind_gap_ = true;
      return true;
    }
    is_ended_ = true;
    return false;
  }

  Result<void> stop(const char* text) {
    is_stopped_ = true;
    damaged(false, text);
    return {};
  }

  Result<std::optional<BitString>> block_up_to(unsigned ignored) {
    return bits_.up_to({.pattern = block_magic,
                        .other = end_magic,
                        .ignored = ignored,
                        .size_max = packed_size_max});
  }

  void take(const BitString& block, ByteString content) {
    block_ = std::move(content);
    block_end_ += block_.size();
    taken_ = 0;
    stream_crc_ = rotated(stream_crc_) ^ crc_of(block);
    bits_.seek(bits_.position() + block.length());
  }

  Result<void> begin_stream() {
    const std::optional<std::uint64_t> header = TRY(bits_.peek(stream_header_bits));
    if (!header) {
      is_ended_ = true;
      if (TRY(bits_.peek(8))) damaged(false, trailing);
      return {};
    }
    const char level = static_cast<char>(*header & 0xff);
    const bool is_header = *header >> 8 == stream_magic && level >= '1' && level <= '9';
    if (!is_header) return stop(trailing);
    bits_.seek(bits_.position() + stream_header_bits);
    is_in_stream_ = true;
    is_resumed_ = false;
    stream_crc_ = 0;
    return {};
  }

  Result<void> end_stream() {
    bits_.seek(bits_.position() + pattern_bits);
    const std::optional<std::uint64_t> crc = TRY(bits_.peek(crc_bits));
    if (!crc) return cut();
    if (!is_resumed_ && *crc != stream_crc_) {
      damaged(false, "the checksum of the bzip2 stream is wrong: a block of it is missing");
    }
    bits_.seek(bits_.position() + crc_bits);
    bits_.align();
    is_in_stream_ = false;
    return {};
  }

  Result<void> cut() {
    is_ended_ = true;
    damaged(true, "the bzip2 stream is cut short");
    return {};
  }

  static constexpr const char* block_damage = "a block of the bzip2 stream is damaged";
  static constexpr const char* trailing = "bytes that are no bzip2 follow the end of the stream";

  const Input& input_;
  BitReader bits_;
  const PointVisitor visit_;
  ByteString block_;         // decoded
  std::size_t taken_ = 0;    // bytes of it
  std::uint64_t block_end_;  // in the stream
  std::uint64_t point_at_;   // of the last point
  std::uint32_t stream_crc_ = 0;
  unsigned false_magics_ = 0;  // tries to pass over one
  bool is_in_stream_;          // behind its header
  bool is_resumed_;            // within a stream, so that its checksum cannot be made
  bool is_behind_gap_ = false;
  bool is_stopped_ = false;  // by damage behind which there may be more
  bool is_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_bzip2_decoder(const Input& input, const RestartPoint& point,
                                                    PointVisitor visit) {
  return std::make_unique<Bzip2Decoder>(input, point, std::move(visit));
}

}  // namespace leakfs::codec
