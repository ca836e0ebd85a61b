// SPDX-License-Identifier: GPL-3.0-or-later
// Canonicalization (RFC 6376 §3.4, RFC 4870 §3.4.2): what of a message is hashed. A body goes to
// its hashes in pieces, so that a large one takes no more memory than a small one.
//
// LF and CRLF are line ends alike and come out as CRLF (RFC 6376 §5.3). A CR without LF is a byte
// like others, but under nofws white space.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/base/bytes.h"
#include "index/crypto/digest.h"

namespace leakfs::dkim {

enum class Canonicalization : std::uint8_t {
  simple,   // RFC 6376 §3.4.1, §3.4.3
  relaxed,  // RFC 6376 §3.4.2, §3.4.4
  nofws,    // of DomainKeys: without any white space (RFC 4870 §3.4.2.2)
};

// One header field, with its CRLF. `raw` is Field::raw; line ends inside become CRLF.
void append_header(ByteString& out, Bytes raw, Canonicalization how);

// The hash of a body, or of what l= leaves of it.
struct BodyHashRequest {
  Canonicalization how = Canonicalization::simple;
  crypto::DigestKind digest = crypto::DigestKind::sha256;
  std::uint64_t length_max = UINT64_MAX;  // canonical bytes to hash
  friend bool operator==(const BodyHashRequest&, const BodyHashRequest&) = default;
};
// `hashed` and `size` tell how many canonical bytes went in and how many there were.
struct BodyDigest {
  crypto::Digest digest;
  std::uint64_t hashed = 0;
  std::uint64_t size = 0;
};
// One digest per request, in their order, of one pass over the body.
std::vector<BodyDigest> hash_bodies(Bytes body, std::span<const BodyHashRequest> requests);
BodyDigest hash_body(Bytes body, const BodyHashRequest& request);

// The canonical body itself, and the same into a hash that goes on.
void append_body(ByteString& out, Bytes body, Canonicalization how);
void feed_body(crypto::Hasher& hasher, Bytes body, Canonicalization how);

// The same where only CRLF ends a line and a LF without CR is a byte like others, white space under
// nofws: mail as it was on the wire (RFC 6376 §3.4). For the few bodies that have both.
void append_wire_body(ByteString& out, Bytes body, Canonicalization how);

// Whether the body has no line but empty ones. DomainKeys then hashes neither it nor the line that
// separates it from the header (RFC 4870 §3.4.2), though a simple body of DKIM is a CRLF.
bool is_blank(Bytes body, Canonicalization how);

// Whether a line of `text` ends in LF without CR.
bool has_bare_lf(Bytes text);

}  // namespace leakfs::dkim
