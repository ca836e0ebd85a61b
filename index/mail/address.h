// SPDX-License-Identifier: GPL-3.0-or-later
// Mailboxes of From, To, Cc, ... (RFC 5322 §3.4, obsolete syntax §4.4, RFC 6532), and what real
// mail has instead. Never throws, linear in its input.
#pragma once

#include <string>
#include <vector>

#include "index/base/bytes.h"

namespace leakfs::mail {

constexpr std::size_t addresses_max = 10'000;  // of one field

struct Mailbox {
  std::string name;     // display name, decoded (RFC 2047), UTF-8, may be empty; else the comment
  std::string address;  // addr-spec as written (UTF-8), without comments and blanks; may be empty
  friend bool operator==(const Mailbox&, const Mailbox&) = default;
};

struct AddressList {
  std::vector<Mailbox> mailboxes;  // groups are flattened
  bool is_cut = false;             // more than addresses_max
};

AddressList parse_addresses(Bytes value);

// The address as a key: lower case (ASCII), "user at host" and surrounding quotes undone. Empty if
// it holds no "@" with something on both sides.
std::string address_key(std::string_view address);

// The domain of an address_key, or empty.
std::string_view domain_of(std::string_view address_key);

}  // namespace leakfs::mail
