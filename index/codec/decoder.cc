// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/decoder.h"

#include "index/codec/bzip2.h"
#include "index/codec/inflate.h"
#include "index/codec/xz.h"
#include "index/codec/zstd.h"

namespace leakfs::codec {
namespace {

class PlainDecoder final : public Decoder {
 public:
  explicit PlainDecoder(const Input& input) : input_(input) {}

  Result<std::size_t> read(char* out, std::size_t length) override {
    std::size_t count = 0;
    while (count < length) {
      const std::size_t more =
          TRY(input_.read_some(position_ + count, out + count, length - count));
      if (more == 0) break;
      count += more;
    }
    position_ += count;
    return count;
  }
  std::uint64_t input_bytes() const override { return position_; }
  std::size_t memory() const override { return 0; }

 private:
  const Input& input_;
  std::uint64_t position_ = 0;
};

Result<std::unique_ptr<Decoder>> make(Format format, const Input& input, const RestartPoint& point,
                                      PointVisitor visit) {
  switch (format) {
    case Format::deflate:
      return make_inflater(Framing::raw, input, point, std::move(visit));
    case Format::gzip:
      return make_inflater(Framing::gzip, input, point, std::move(visit));
    case Format::bzip2:
      return make_bzip2_decoder(input, point, std::move(visit));
    case Format::xz:
      return make_xz_decoder(input, point, std::move(visit));
    case Format::zstd:
      return make_zstd_decoder(input, point, std::move(visit));
  }
  return internal_error("a format that is not known");
}

}  // namespace

std::unique_ptr<Decoder> open_plain(const Input& input) {
  return std::make_unique<PlainDecoder>(input);
}

std::optional<Format> format_of(Bytes head) {
  if (head.starts_with("\x1f\x8b")) return Format::gzip;
  if (head.starts_with("BZh")) return Format::bzip2;
  if (head.starts_with(Bytes("\xfd\x37\x7a\x58\x5a\x00", 6))) return Format::xz;
  const bool is_skippable =
      head.size() >= 4 && (head[0] & 0xf0) == 0x50 && head.substr(1, 3) == Bytes("\x2a\x4d\x18");
  if (head.starts_with("\x28\xb5\x2f\xfd") || is_skippable) return Format::zstd;
  return std::nullopt;
}

Result<std::unique_ptr<Decoder>> open(Format format, const Input& input, PointVisitor visit) {
  return make(format, input, {}, std::move(visit));
}

Result<std::unique_ptr<Decoder>> resume(Format format, const Input& input,
                                        const RestartPoint& point) {
  return make(format, input, point, {});
}

Result<bool> has_near_points(Format format, const Input& input) {
  std::optional<std::uint64_t> distance;
  switch (format) {
    case Format::deflate:
    case Format::gzip:
    case Format::bzip2:
      return true;
    case Format::xz:
      distance = TRY(largest_xz_block(input));
      break;
    case Format::zstd:
      distance = TRY(largest_zstd_frame(input));
      break;
  }
  return distance && *distance <= point_distance_max;
}

}  // namespace leakfs::codec
