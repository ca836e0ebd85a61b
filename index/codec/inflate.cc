// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/inflate.h"

#include <cerrno>

#include "index/codec/zlib_stream.h"

namespace leakfs::codec {
namespace {

constexpr Bytes magic = "\x1f\x8b";
constexpr std::size_t trailer_size = 8;  // RFC 1952 §2.3.1: CRC32, ISIZE
// What zlib says of a block's end in data_type.
constexpr int is_block_end = 128;
constexpr int is_last_block = 64;
constexpr int unused_bits = 7;
constexpr std::size_t state_size = 48 << 10;  // zlib's, with its window

class Inflater final : public Decoder {
 public:
  Inflater(Framing framing, const Input& input, const RestartPoint& point, PointVisitor visit)
      : framing_(framing),
        input_(input),
        reader_(input, point.input_bit / 8),
        zlib_(framing == Framing::gzip && point.context.empty() ? gzip_only : raw_deflate),
        visit_(std::move(visit)),
        position_(point.offset),
        point_at_(point.offset),
        is_resumed_member_(framing == Framing::gzip && !point.context.empty()) {}

  // Sets the state of a point within a member.
  Result<void> start(const RestartPoint& point) {
    return zlib_.set(point.input_bit, point.context, reader_);
  }

  Result<std::size_t> read(char* out, std::size_t length) override {
    z_stream& stream = zlib_.stream;
    zlib_.drain_to(out, length);
    while (stream.avail_out > 0 && !is_ended_) {
      if (!is_in_member_) {
        TRY(begin_member(position_ + length - stream.avail_out));
        continue;
      }
      const Bytes bytes = TRY(reader_.peek());
      zlib_.feed(bytes);
      const std::uint64_t before = position_ + length - stream.avail_out;
      const bool is_point_wanted = visit_ && before - point_at_ >= point_distance;
      const int code = zlib_.inflate(is_point_wanted ? Z_BLOCK : Z_NO_FLUSH);
      reader_.skip(bytes.size() - stream.avail_in);
      if (code == Z_STREAM_END) {
        TRY(end_member());
      } else if (code == Z_BUF_ERROR && bytes.empty()) {
        end(true, "the compressed stream is cut short");
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        end(false, std::string("the compressed stream is damaged: ") +
                       (stream.msg == nullptr ? "no deflate" : stream.msg) +
                       "; what was read before may not be what was packed");
      } else if (is_point_wanted && (stream.data_type & is_block_end) != 0 &&
                 (stream.data_type & is_last_block) == 0) {
        TRY(visit_block_end(position_ + length - stream.avail_out));
      }
    }
    const std::size_t count = length - stream.avail_out;
    position_ += count;
    return count;
  }

  std::uint64_t input_bytes() const override { return reader_.position(); }
  std::size_t memory() const override { return state_size + InputReader::buffer_size; }

 private:
  Result<void> visit_block_end(std::uint64_t offset) {
    ByteString window(window_size_max, '\0');
    uInt length = 0;
    inflateGetDictionary(&zlib_.stream, reinterpret_cast<Bytef*>(window.data()), &length);
    window.resize(length);
    if (window.empty()) return {};
    point_at_ = offset;
    const std::uint64_t bit =
        8 * reader_.position() - static_cast<unsigned>(zlib_.stream.data_type & unused_bits);
    return visit_(
        {.offset = offset, .input_bit = bit, .context = TRY(referred_window(input_, bit, window))});
  }

  // Behind the last block of a member, whose trailer zlib has checked if it saw the start.
  Result<void> end_member() {
    if (framing_ == Framing::raw) {
      is_ended_ = true;
      return {};
    }
    if (is_resumed_member_) {
      const Bytes trailer = TRY(reader_.peek(trailer_size));
      if (trailer.size() < trailer_size) end(true, "the compressed stream is cut short");
      reader_.skip(std::min(trailer.size(), trailer_size));
      is_resumed_member_ = false;
    }
    is_in_member_ = false;
    return {};
  }

  // §2.2: members follow one another; gzip(1) allows zeros behind the last.
  Result<void> begin_member(std::uint64_t offset) {
    Bytes bytes = TRY(reader_.peek());
    while (!bytes.empty() && bytes[0] == '\0') {
      const std::size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
      reader_.skip(zeros);
      bytes = TRY(reader_.peek());
    }
    if (bytes.empty()) {
      is_ended_ = true;
    } else if (bytes[0] != magic[0]) {
      end(false, "bytes that are no gzip follow the end of the stream");
    } else {
      if (visit_ && offset - point_at_ >= point_distance) {
        point_at_ = offset;
        TRY(visit_({.offset = offset, .input_bit = 8 * reader_.position(), .context = {}}));
      }
      inflateReset2(&zlib_.stream, gzip_only);
      is_in_member_ = true;
    }
    return {};
  }

  void end(bool is_truncated, std::string text) {
    is_ended_ = true;
    damaged(is_truncated, std::move(text));
  }

  const Framing framing_;
  const Input& input_;
  InputReader reader_;
  ZlibStream zlib_;
  const PointVisitor visit_;
  std::uint64_t position_;  // of the next byte of the stream
  std::uint64_t point_at_;  // of the last point
  bool is_resumed_member_;  // zlib did not see its header and will not look for its trailer
  bool is_in_member_ = true;
  bool is_ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Decoder>> make_inflater(Framing framing, const Input& input,
                                               const RestartPoint& point, PointVisitor visit) {
  auto inflater = std::make_unique<Inflater>(framing, input, point, std::move(visit));
  TRY(inflater->start(point));
  return inflater;
}

}  // namespace leakfs::codec
