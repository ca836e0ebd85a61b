// SPDX-License-Identifier: GPL-3.0-or-later
// What a message says about its signatures by itself, before any key is looked at. Kept in the
// index, so that other keys can be tried without the message.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/crypto/digest.h"
#include "index/crypto/public_key.h"
#include "index/dkim/repair.h"

namespace leakfs::dkim {

constexpr std::size_t signatures_max = 16;  // DKIM and DomainKeys, judged per message
constexpr unsigned arc_sets_max = 50;       // RFC 8617 §4.2.1

// What a field is: a DKIM-Signature (RFC 6376), a DomainKey-Signature (RFC 4870), or one of the two
// signatures of an ARC set (RFC 8617).
enum class SignatureKind : std::uint8_t { dkim, domainkeys, arc_message, arc_seal };

constexpr bool is_arc(SignatureKind kind) { return kind >= SignatureKind::arc_message; }

// none: the signature has no hash of the body alone (DomainKeys, drafts without bh=, ARC seals).
enum class BodyHash : std::uint8_t { none, ok, bad };

// One form of the message that may have been signed.
struct SignedForm {
  Repair repair = Repair::none;
  std::uint32_t size = 0;  // bytes that were hashed
  crypto::Digest digest;
};

struct SignatureFacts {
  SignatureKind kind = SignatureKind::dkim;
  bool is_malformed = false;     // then only what could be read is here
  std::string domain;            // d=, lower case
  std::string selector;          // s=
  std::string algorithm;         // a=, lower case, the default filled in
  std::string canonicalization;  // "relaxed/simple", "nofws"; the default filled in
  ByteString signature;          // b=, decoded
  BodyHash body_hash = BodyHash::none;
  std::vector<Repair> repairs;    // without which nothing below would be as it is
  std::vector<SignedForm> forms;  // the message as it is first, then repaired; at most forms_max
  bool is_partial = false;        // l= leaves a part of the body unsigned
  // From is not covered or not the only one, or i= or the sender is outside of d=.
  bool is_from_unsigned = false;
  bool is_identity_below = false;   // i= is in a subdomain of d=, which t=s of a key forbids
  std::string local_part;           // of the sender, for g= of a DomainKeys key
  unsigned instance = 0;            // i= of ARC
  std::vector<std::string> fields;  // names that are covered, lower case, in order
  std::vector<std::string> flags;   // sha1, expired, draft, unaligned, extra-subject, ...
};

// The chain of ARC sets of a message (RFC 8617 §5.2), as far as no key is needed.
struct ArcChain {
  unsigned sets = 0;            // 0: there is none
  bool is_well_formed = false;  // instances, cv= and tags are as they have to be
  bool is_dkim_pass = false;    // the first ARC-Authentication-Results has dkim=pass
  bool is_aligned = false;      // for the organisation of the author
};

struct MessageFacts {
  std::vector<SignatureFacts> signatures;  // top to bottom
  ArcChain arc;
  bool is_cut = false;  // there are more signatures than are looked at
};

}  // namespace leakfs::dkim
