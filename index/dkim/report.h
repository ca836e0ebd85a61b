// SPDX-License-Identifier: GPL-3.0-or-later
// What was found about the signatures of one message: facts per signature, then what they amount
// to. leakfs-verdict(7) explains every word to a reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/dkim/facts.h"

namespace leakfs::dkim {

// The signature is not by From's organisation, so it does not prove the sender.
constexpr std::string_view unaligned_flag = "unaligned";

enum class HeaderSignature : std::uint8_t { unknown, ok, bad };
enum class KeyState : std::uint8_t { found, missing, revoked, malformed };

// RFC 8601 §2.7.1
enum class Outcome : std::uint8_t { none, pass, fail, policy, neutral, permerror };

enum class Status : std::uint8_t { unverified, verified };

// Why a message is not verified, in order of precedence: a message has the first that any of its
// signatures earns.
enum class Reason : std::uint8_t {
  none,  // verified
  arc_attested,
  body_altered,
  partial_body,
  weak_key,
  key_compromised,
  from_unsigned,
  key_missing,
  key_revoked,
  headers_altered,
  altered,
  malformed,
  unsigned_,
};

// What the keys say about one signature.
struct SignatureReport {
  SignatureFacts facts;
  int key_bits = 0;         // 0 without a key
  unsigned key_record = 0;  // which record of that name was used, in the order of the keyring
  unsigned form = 0;        // which of the forms fits
  HeaderSignature header_signature = HeaderSignature::unknown;
  KeyState key = KeyState::missing;
  Outcome result = Outcome::none;
  Reason reason = Reason::none;    // what this signature alone would give the message
  std::vector<std::string> flags;  // those of the facts, and test-key, repaired:..., ...
};

struct Report {
  std::vector<SignatureReport> signatures;  // as in the facts
  ArcChain arc;
  bool is_cut = false;  // there are more than signatures_max
  Status status = Status::unverified;
  Reason reason = Reason::unsigned_;
  std::vector<std::string>
      domains;                     // d= of the signatures that make it verified, each once, sorted
  std::vector<std::string> flags;  // of the signatures that make it verified, else of all; sorted
};

// The words of the catalog and of the tree: "verified", "body-altered", "permerror", ...
std::string_view word(SignatureKind kind);
std::string_view word(BodyHash fact);
std::string_view word(HeaderSignature fact);
std::string_view word(KeyState fact);
std::string_view word(Outcome outcome);
std::string_view word(Status status);
std::string_view word(Reason reason);  // "" for none

// Whether the author's organisation signed a verified message: "yes", "no", "" if unverified.
std::string_view alignment(const Report& report);

// The text after "Verified: " in a message's front: "yes, by example.org (dkim, selector s1,
// rsa-sha256, 2048 bits): From, To, Date, Subject and the whole body", or "no, REASON: plain
// words".
std::string verified_line(const Report& report, std::string_view from_address);

}  // namespace leakfs::dkim
