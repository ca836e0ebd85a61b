// SPDX-License-Identifier: GPL-3.0-or-later
// One TXT record of SELECTOR._domainkey.DOMAIN (RFC 6376 §3.6.1, RFC 4871, RFC 8463).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/crypto/public_key.h"

namespace leakfs::dkim {

struct KeyRecord {
  enum class State : std::uint8_t { usable, revoked, malformed };
  State state = State::malformed;
  std::string flaw;                          // when malformed: what is wrong, for a person
  std::string text;                          // the strings of the record, joined
  std::optional<crypto::PublicKey> key;      // when usable
  ByteString key_data;                       // when usable: p=, decoded
  std::vector<std::string> hash_algorithms;  // h=, empty: all
  bool is_for_email = true;                  // s=
  bool is_testing = false;                   // t=y
  bool is_strict = false;                    // t=s: the domain of i= must be d= itself
  std::optional<std::string> granularity;    // g=
  std::string provenance;                    // the comments that came with the record, one line
  std::optional<UnixTime> compromised_since;

  // Whether g= lets the key sign for that local part: its own, or any that its first "*" makes of
  // it. For DomainKeys only, where an absent or empty g= allows all (RFC 4870 §3.2.3). For DKIM,
  // RFC 4871 §3.6.1 turned an empty g= into "none", which broke keys that served both, and
  // RFC 6376 dropped the tag.
  bool allows_local_part(std::string_view local_part) const;
};

// An empty h=, k=, s= or t= stands for its default, as if it were not there.
KeyRecord parse_key_record(Bytes text);

// Takes note of a comment, after those that came before:
// "seen=2012-01/2016-10 compromised-since=2020-01-01 source=...". The day is 2020-01-01, 2020-01 or
// 2020. False if compromised-since has no such day behind it: a date that cannot be read must not
// make a published private key trusted, so the key then counts as compromised from the first day.
bool add_provenance(KeyRecord& record, Bytes comment);

// Whether a comment speaks of that.
bool mentions_compromise(Bytes comment);

}  // namespace leakfs::dkim
