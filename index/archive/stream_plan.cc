// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/stream_plan.h"

#include "index/archive/filter_decoder.h"
#include "index/archive/members_decoder.h"
#include "index/archive/zip_member_decoder.h"

namespace leakfs::archive {
namespace {

constexpr struct {
  StreamKind kind;
  codec::Format format;
} codecs[] = {
    {StreamKind::deflate, codec::Format::deflate}, {StreamKind::gzip, codec::Format::gzip},
    {StreamKind::bzip2, codec::Format::bzip2},     {StreamKind::xz, codec::Format::xz},
    {StreamKind::zstd, codec::Format::zstd},
};

}  // namespace

StreamKind kind_of(codec::Format format) {
  for (const auto& row : codecs) {
    if (row.format == format) return row.kind;
  }
  return StreamKind::filtered;
}

Result<std::unique_ptr<codec::Decoder>> open_stream(StreamKind kind, const codec::Input& input,
                                                    const codec::RestartPoint& point,
                                                    const std::optional<std::string>& passphrase) {
  for (const auto& row : codecs) {
    if (row.kind == kind) return codec::resume(row.format, input, point);
  }
  switch (kind) {
    case StreamKind::stored:
      return codec::open_plain(input);
    case StreamKind::filtered:
      return FilterDecoder::open(input);
    case StreamKind::members:
      return std::make_unique<MembersDecoder>(input);
    case StreamKind::zip_member:
      return ZipMemberDecoder::open(input, passphrase);
    default:
      return input_error("the index has a stream of an unknown kind");
  }
}

}  // namespace leakfs::archive
