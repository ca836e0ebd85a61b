// SPDX-License-Identifier: GPL-3.0-or-later
// Domains that mail comes from, all reserved (RFC 2606), and what the key file says of them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace leakfs::sample {

enum class Standing : std::uint8_t {
  signing,      // good keys on file
  plain,        // does not sign
  unlisted,     // signs; its keys are not on file
  weak,         // keys below 1024 bits
  compromised,  // its private key is public
  revoked,      // its key record is empty
};
constexpr std::size_t standings = 6;

struct Domain {
  std::string_view name;
  Standing standing = Standing::plain;
};

// The first is the organisation whose mail leaked.
std::span<const Domain> domains();

// Signs for others: a mass mailer, so that d= is not of the sender's organisation.
constexpr std::string_view mailer_domain = "mailer.example";
// Signs again what it changed: a mailing list.
constexpr std::string_view list_domain = "listes.example.org";

}  // namespace leakfs::sample
