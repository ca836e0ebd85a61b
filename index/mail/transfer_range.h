// SPDX-License-Identifier: GPL-3.0-or-later
// A range of the decoded bytes of a part without decoding what is before it. Base64 whose lines are
// all of one length, as almost every program writes it, is found by arithmetic; the layout that
// this takes is kept in the index. Where the encoded bytes come from is not known here.
#pragma once

#include <cstdint>
#include <optional>

#include "index/base/bytes.h"
#include "index/mail/transfer.h"

namespace leakfs::mail {

// How the encoded bytes of a part are laid out. May come from an index, so any value is possible.
struct TransferLayout {
  TransferEncoding encoding = TransferEncoding::identity;
  std::uint32_t line_size = 0;     // of base64, in characters without the line end; 0: irregular
  std::uint8_t line_end_size = 0;  // 1: LF, 2: CRLF
};

// The layout of a whole part; `decoded_size` is that of decode_transfer().
TransferLayout transfer_layout(Bytes encoded, TransferEncoding encoding,
                               std::uint64_t decoded_size);

// Encoded bytes that hold a range of the decoded ones.
struct EncodedRange {
  std::uint64_t offset = 0;  // of the encoded bytes
  std::uint64_t length = 0;
  std::size_t skip = 0;  // decoded bytes in front of the range
};

// What is to be decoded for `length` > 0 bytes at `offset` of the decoded ones; it may reach beyond
// the end of the part. Absent where only decoding the whole part tells.
std::optional<EncodedRange> encoded_range(const TransferLayout& layout, std::uint64_t offset,
                                          std::size_t length);

}  // namespace leakfs::mail
