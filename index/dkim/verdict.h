// SPDX-License-Identifier: GPL-3.0-or-later
// From facts to a verdict; leakfs-tree(7) has the table of reasons.
#pragma once

#include "index/dkim/report.h"

namespace leakfs::dkim {

// What is wrong with a signature whose hashes may all be good.
struct Flaws {
  bool is_malformed = false;
  bool is_partial = false;      // l= leaves a part of the body unsigned
  bool is_weak = false;         // RSA below 1024 bits
  bool is_compromised = false;  // the private key is public
  bool is_from_unsigned =
      false;  // From is not covered or not the only one, or i= or t=s forbids it
};

// Sets the outcome and reason of one signature from its facts.
void judge(SignatureReport& signature, const Flaws& flaws);

// Sets status, reason, domains and flags of the message from its signatures.
void conclude(Report& report);

}  // namespace leakfs::dkim
