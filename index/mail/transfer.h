// SPDX-License-Identifier: GPL-3.0-or-later
// Content-Transfer-Encoding (RFC 2045 §6) of damaged mail: decoding never fails, it skips what is
// no code and goes on.
#pragma once

#include <cstdint>
#include <string_view>

#include "index/base/bytes.h"

namespace leakfs::mail {

enum class TransferEncoding : std::uint8_t { identity, quoted_printable, base64, uuencode };

// By the value of Content-Transfer-Encoding; 7bit, 8bit, binary and unknown words are identity.
TransferEncoding transfer_encoding(Bytes value);

ByteString decode_transfer(Bytes encoded, TransferEncoding encoding);

// The size of the decoded bytes, without making them.
std::uint64_t decoded_size(Bytes encoded, TransferEncoding encoding);

// Base64 (RFC 4648 §4), skipping everything outside the alphabet; decoding goes on after padding.
ByteString decode_base64(Bytes encoded);
ByteString encode_base64(Bytes bytes);

}  // namespace leakfs::mail
