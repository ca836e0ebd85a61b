// SPDX-License-Identifier: GPL-3.0-or-later
// A DKIM-Signature field taken apart (RFC 6376 §3.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/crypto/public_key.h"
#include "index/dkim/canonical.h"
#include "index/mail/header.h"

namespace leakfs::dkim {

constexpr std::size_t signed_fields_max = 200;  // names in h=

struct Signature {
  bool is_malformed = false;  // no verdict but "malformed"; what could be read is filled in
  bool is_draft = false;      // of the drafts before RFC 4871: without v=1
  std::string domain;         // d=, lower case
  std::string selector;       // s=
  std::string algorithm;      // a=, lower case
  crypto::KeyKind key_kind = crypto::KeyKind::rsa;
  crypto::DigestKind digest = crypto::DigestKind::sha256;
  Canonicalization header = Canonicalization::simple;
  Canonicalization body = Canonicalization::simple;
  std::vector<std::string> fields;           // h=, lower case, in order
  ByteString body_hash;                      // bh=, decoded
  ByteString signature;                      // b=, decoded
  std::string identity_domain;               // of i=, lower case; that of d= by default
  std::optional<std::uint64_t> body_length;  // l=
  std::optional<UnixTime> time;              // t=
  std::optional<UnixTime> expiration;        // x=
};

Signature parse_signature(Bytes value);

// The field as it is hashed into its own signature: with the value of b= removed (§3.7), canonical,
// without the last CRLF.
void append_own_field(ByteString& out, const mail::Field& field, Canonicalization how);

}  // namespace leakfs::dkim
