// SPDX-License-Identifier: GPL-3.0-or-later
// Canonicalization (RFC 6376 §3.4). Output goes to a sink in pieces, so that a hash of a large body
// needs no copy of it.
#pragma once

#include <cstdint>

#include "index/base/bytes.h"
#include "index/crypto/digest.h"

namespace leakfs::dkim {

enum class Canonicalization : std::uint8_t { simple, relaxed };

// One header field, with its CRLF. `raw` is Field::raw; line ends inside become CRLF.
void append_header(ByteString& out, Bytes raw, Canonicalization how);

// The hash of the body. `length` is l= (absent: all of it). `hashed` and `size` tell how many
// canonical bytes went in and how many there were.
struct BodyDigest {
  crypto::Digest digest;
  std::uint64_t hashed = 0;
  std::uint64_t size = 0;
};
struct BodyHashRequest {
  Canonicalization how = Canonicalization::simple;
  crypto::DigestKind digest = crypto::DigestKind::sha256;
  std::uint64_t length_max = UINT64_MAX;
};
BodyDigest hash_body(Bytes body, const BodyHashRequest& request);

}  // namespace leakfs::dkim
