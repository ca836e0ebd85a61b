// SPDX-License-Identifier: GPL-3.0-or-later
// A field that holds a signature, taken apart: DKIM-Signature (RFC 6376 §3.5 and the drafts before
// RFC 4871), DomainKey-Signature (RFC 4870 §3.3), ARC-Message-Signature and ARC-Seal (RFC 8617
// §4.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/dkim/canonical.h"
#include "index/dkim/facts.h"
#include "index/dkim/tag_value.h"
#include "index/mail/header.h"

namespace leakfs::dkim {

// In h=. As many as a message has fields that are looked at, so that no real signature has more.
constexpr std::size_t signed_fields_max = mail::fields_max;

struct Signature {
  SignatureKind kind = SignatureKind::dkim;
  bool is_malformed = false;  // no verdict but "malformed"; what could be read is filled in
  bool is_draft = false;      // DKIM as before RFC 4871: without v=1
  std::string domain;         // d=, lower case
  std::string selector;       // s=
  std::string algorithm;      // a=, lower case
  Algorithm how;
  Canonicalization header = Canonicalization::simple;
  Canonicalization body = Canonicalization::simple;
  std::vector<std::string> fields;           // h=, lower case, in order
  std::optional<ByteString> body_hash;       // bh=, decoded; absent where the body is hashed along
  ByteString signature;                      // b=, decoded
  std::string identity_domain;               // of i=, lower case; that of d= by default
  std::optional<std::uint64_t> body_length;  // l=
  std::optional<UnixTime> time;              // t=
  std::optional<UnixTime> expiration;        // x=
  unsigned instance = 0;                     // i= of ARC, 1 to arc_sets_max
  std::string chain_status;                  // cv= of a seal, lower case
};

Signature parse_signature(SignatureKind kind, Bytes value);

// "relaxed/simple", "nofws", "relaxed": what c= says or stands for.
std::string canonicalization_of(const Signature& signature);

// The hash that its bh= is compared with.
BodyHashRequest body_hash_request(const Signature& signature);

// i= of an ARC field (RFC 8617 §4.2.1), 1 to arc_sets_max; 0 for anything else.
unsigned parse_instance(Bytes text);

// The field as it is hashed into its own signature: with the value of b= removed (RFC 6376 §3.7),
// canonical, without the last CRLF.
void append_own_field(ByteString& out, const mail::Field& field, Canonicalization how);

}  // namespace leakfs::dkim
