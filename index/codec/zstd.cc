// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/zstd.h"

#include <algorithm>
#include <new>

#include <zstd.h>
#include <zstd_errors.h>

namespace leakfs::codec {
namespace {

constexpr int window_log_max = 27;  // 128 MiB, zstd's own limit unless --long asks for more
constexpr std::uint32_t frame_magic = 0xfd2fb528;
constexpr std::uint32_t skippable_magic = 0x184d2a50;  // the lowest 4 bits are free
constexpr std::uint64_t zstd_block_max = 128_KiB;
constexpr std::size_t block_header_size = 3;
constexpr std::size_t frame_start_size = 5;  // the magic and what tells the size of the header

struct FreeDecoder {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder(const Input& input, const RestartPoint& point, PointVisitor visit)
      : reader_(input, point.input_bit / 8),
        context_(ZSTD_createDCtx()),
        visit_(std::move(visit)),
        position_(point.offset),
        point_at_(point.offset) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log_max);
  }

  Result<std::size_t> read(char* out, std::size_t length) override {
    ZSTD_outBuffer output{out, length, 0};
    const std::uint64_t start = position_;
    while (output.pos < length && !is_ended_) {
      const Bytes bytes = TRY(reader_.peek());
      if (!is_in_frame_ && !bytes.empty()) TRY(begin_frame());
      // Not more than the next block: a call that comes upon damage gives nothing of those before.
      ZSTD_inBuffer input{bytes.data(), std::min(bytes.size(), wanted_), 0};
      const std::size_t before = output.pos;
      const std::size_t left = ZSTD_decompressStream(context_.get(), &output, &input);
      reader_.skip(input.pos);
      position_ = start + output.pos;
      // Which is of the next block and of the header behind it, where damage may be.
      wanted_ = left > block_header_size ? left - block_header_size : left;
      if (ZSTD_isError(left) != 0U) {
        end_damaged(left);
      } else if (left == 0) {
        is_in_frame_ = false;
        wanted_ = frame_start_size;
        is_ended_ = bytes.empty();
      } else if (bytes.empty() && output.pos == before) {
        is_ended_ = true;
        if (is_in_frame_) damaged(true, "the zstd stream is cut short");
      }
    }
    return output.pos;
  }

  std::uint64_t input_bytes() const override { return reader_.position(); }
  std::size_t memory() const override {
    return ZSTD_sizeof_DCtx(context_.get()) + InputReader::buffer_size;
  }

 private:
  Result<void> begin_frame() {
    is_in_frame_ = true;
    if (!visit_ || position_ - point_at_ < point_distance) return {};
    point_at_ = position_;
    return visit_({.offset = position_, .input_bit = 8 * reader_.position(), .context = {}});
  }

  void end_damaged(std::size_t code) {
    if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) throw std::bad_alloc();
    is_ended_ = true;
    damaged(false, std::string("the zstd stream is damaged: ") + ZSTD_getErrorName(code));
  }

  InputReader reader_;
  const std::unique_ptr<ZSTD_DCtx, FreeDecoder> context_;
  const PointVisitor visit_;
  std::uint64_t position_;                 // of the next byte of the stream
  std::uint64_t point_at_;                 // of the last point
  std::size_t wanted_ = frame_start_size;  // bytes of input up to the end of the next block
  bool is_in_frame_ = false;
  bool is_ended_ = false;
};

std::uint64_t little_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

// RFC 8878 §3.1.1.1: the size of the header, and of the content if it says.
struct FrameHeader {
  std::size_t size = 0;
  std::optional<std::uint64_t> content_size;
  bool has_checksum = false;
};

std::optional<FrameHeader> frame_header(Bytes bytes) {
  constexpr std::size_t dictionary_id_sizes[] = {0, 1, 2, 4};
  constexpr std::size_t magic_size = 4;
  if (bytes.size() < magic_size + 1) return std::nullopt;
  const auto descriptor = static_cast<unsigned char>(bytes[magic_size]);
  const bool is_single_segment = (descriptor >> 5 & 1) != 0;
  std::size_t content_field = std::size_t{1} << (descriptor >> 6);
  if (descriptor >> 6 == 0 && !is_single_segment) content_field = 0;
  const std::size_t content_at =
      magic_size + 1 + (is_single_segment ? 0 : 1) + dictionary_id_sizes[descriptor & 3];
  FrameHeader header{.size = content_at + content_field, .content_size = {}};
  header.has_checksum = (descriptor >> 2 & 1) != 0;
  if (bytes.size() < header.size) return std::nullopt;
  if (content_field > 0) {
    header.content_size = little_endian(bytes.substr(content_at, content_field));
    if (content_field == 2) *header.content_size += 256;
  }
  return header;
}

// Behind the blocks of a frame, of which there are `blocks`; absent if they are cut or broken.
Result<std::optional<std::uint64_t>> skip_blocks(InputReader& reader) {
  constexpr unsigned type_rle = 1;
  constexpr unsigned type_reserved = 3;
  for (std::uint64_t blocks = 1;; ++blocks) {
    const Bytes bytes = TRY(reader.peek(block_header_size));
    if (bytes.size() < block_header_size) return std::nullopt;
    const std::uint64_t header = little_endian(bytes.substr(0, block_header_size));
    const unsigned type = header >> 1 & 3;
    if (type == type_reserved) return std::nullopt;
    reader.seek(reader.position() + block_header_size + (type == type_rle ? 1 : header >> 3));
    if ((header & 1) != 0) return blocks;
  }
}

}  // namespace

Result<std::unique_ptr<Decoder>> make_zstd_decoder(const Input& input, const RestartPoint& point,
                                                   PointVisitor visit) {
  return std::make_unique<ZstdDecoder>(input, point, std::move(visit));
}

Result<std::optional<std::uint64_t>> largest_zstd_frame(const Input& input) {
  constexpr std::size_t header_size_max = 18;
  constexpr std::size_t checksum_size = 4;
  constexpr std::size_t skippable_header_size = 8;
  InputReader reader(input, 0);
  std::uint64_t largest = 0;
  while (true) {
    const Bytes bytes = TRY(reader.peek(header_size_max));
    if (bytes.empty()) return largest;
    if (bytes.size() < skippable_header_size) return std::nullopt;
    const auto magic = static_cast<std::uint32_t>(little_endian(bytes.substr(0, 4)));
    if ((magic & ~0xfU) == skippable_magic) {
      reader.seek(reader.position() + skippable_header_size + little_endian(bytes.substr(4, 4)));
      continue;
    }
    if (magic != frame_magic) return std::nullopt;
    const std::optional<FrameHeader> header = frame_header(bytes);
    if (!header) return std::nullopt;
    reader.skip(header->size);
    const std::optional<std::uint64_t> blocks = TRY(skip_blocks(reader));
    if (!blocks) return std::nullopt;
    if (header->has_checksum) reader.seek(reader.position() + checksum_size);
    largest = std::max(largest, header->content_size.value_or(*blocks * zstd_block_max));
  }
}

}  // namespace leakfs::codec
