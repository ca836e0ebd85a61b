// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/transfer_range.h"

namespace leakfs::mail {
namespace {

constexpr std::size_t group_size = 4;          // characters of base64 ...
constexpr std::size_t group_decoded_size = 3;  // ... and the bytes that they are

// Up to the last character that may be a digit: padding and line ends behind it decode to nothing.
Bytes without_tail(Bytes encoded) {
  const std::size_t last = encoded.find_last_not_of("=\r\n\t ");
  return last == Bytes::npos ? Bytes() : encoded.substr(0, last + 1);
}

// The lines of regular base64 are full groups, so that each begins a group, and only the last may
// be shorter. That every character is a digit needs no look at each: one that is none makes the
// part decode to fewer bytes than as many digits do.
TransferLayout base64_layout(Bytes encoded, std::uint64_t decoded_size) {
  constexpr TransferLayout irregular{.encoding = TransferEncoding::base64};
  const Bytes digits = without_tail(encoded);
  const std::size_t newline = digits.find('\n');
  std::size_t line_size = (digits.size() + group_size - 1) / group_size * group_size;
  Bytes line_end = "\n";
  if (newline != Bytes::npos) {
    if (digits.substr(0, newline).ends_with('\r')) line_end = "\r\n";
    line_size = newline + 1 - line_end.size();
  }
  if (line_size == 0 || line_size % group_size != 0 || line_size > UINT32_MAX) return irregular;

  std::uint64_t count = digits.size();
  for (std::size_t at = line_size; at < digits.size(); at += line_size + line_end.size()) {
    if (digits.substr(at, line_end.size()) != line_end) return irregular;
    count -= line_end.size();
  }
  // One digit behind full groups is no byte (RFC 4648 §4), so it could hide a character that is
  // none.
  if (count % group_size == 1 || count * group_decoded_size / group_size != decoded_size) {
    return irregular;
  }
  return {.encoding = TransferEncoding::base64,
          .line_size = static_cast<std::uint32_t>(line_size),
          .line_end_size = static_cast<std::uint8_t>(line_end.size())};
}

bool is_regular(const TransferLayout& layout) {
  return layout.encoding == TransferEncoding::base64 && layout.line_size > 0 &&
         layout.line_size % group_size == 0 && layout.line_end_size >= 1 &&
         layout.line_end_size <= 2;
}

}  // namespace

TransferLayout transfer_layout(Bytes encoded, TransferEncoding encoding,
                               std::uint64_t decoded_size) {
  if (encoding == TransferEncoding::base64) return base64_layout(encoded, decoded_size);
  return {.encoding = encoding};
}

std::optional<EncodedRange> encoded_range(const TransferLayout& layout, std::uint64_t offset,
                                          std::size_t length) {
  if (layout.encoding == TransferEncoding::identity) {
    return EncodedRange{.offset = offset, .length = length};
  }
  if (!is_regular(layout)) return std::nullopt;
  const std::uint64_t line_groups = layout.line_size / group_size;
  const std::uint64_t stride = std::uint64_t{layout.line_size} + layout.line_end_size;
  const auto offset_of = [&](std::uint64_t group) {
    return group / line_groups * stride + group % line_groups * group_size;
  };
  const std::uint64_t first = offset / group_decoded_size;
  const std::uint64_t last = (offset + length - 1) / group_decoded_size;
  const std::uint64_t begin = offset_of(first);
  return EncodedRange{.offset = begin,
                      .length = offset_of(last) + group_size - begin,
                      .skip = static_cast<std::size_t>(offset % group_decoded_size)};
}

}  // namespace leakfs::mail
