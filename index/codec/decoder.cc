// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/codec/decoder.h"

#include "index/codec/bzip2.h"
#include "index/codec/inflate.h"
#include "index/codec/xz.h"
#include "index/codec/zstd.h"

namespace leakfs::codec {
namespace {

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

Result<bool> has_near_points(Format format, const Input& input, std::uint64_t input_length) {
  std::optional<std::uint64_t> distance;
  switch (format) {
    case Format::deflate:
    case Format::gzip:
    case Format::bzip2:
      return true;
    case Format::xz:
      distance = TRY(largest_xz_block(input, input_length));
      break;
    case Format::zstd:
      distance = TRY(largest_zstd_frame(input));
      break;
  }
  return distance && *distance <= point_distance_max;
}

}  // namespace leakfs::codec
