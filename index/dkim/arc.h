// SPDX-License-Identifier: GPL-3.0-or-later
// The sets of an Authenticated Received Chain (RFC 8617) as they stand in a header.
#pragma once

#include <string>
#include <vector>

#include "index/base/bytes.h"
#include "index/dkim/facts.h"
#include "index/dkim/signature.h"
#include "index/mail/header.h"

namespace leakfs::dkim {

// One hop. Views into the header; null where a field is missing.
struct ArcSet {
  const mail::Field* results = nullptr;
  const mail::Field* message = nullptr;
  const mail::Field* seal = nullptr;
};

class ArcSets {
 public:
  // Collects the fields; `header` has to outlive this.
  explicit ArcSets(const mail::Header& header);

  // From instance 1 on. Complete if is_complete().
  const std::vector<ArcSet>& sets() const { return sets_; }
  // Whether every instance from 1 on has each of its three fields once, and no field is without.
  bool is_complete() const { return is_complete_; }

  // What a seal signs: the sets up to its own, the seal itself without b= (RFC 8617 §5.1.1); of a
  // chain that it found to have failed, only its own set (§5.1.2). Empty if one of them is not
  // complete.
  ByteString sealed_input(const Signature& seal) const;

  // The facts about the chain. `seals` are those of sets(), in that order.
  ArcChain chain(const std::vector<Signature>& seals,
                 const std::vector<std::string>& author_domains) const;

 private:
  void place(const mail::Field& field, const mail::Field* ArcSet::* member, unsigned instance);

  std::vector<ArcSet> sets_;
  bool is_complete_ = true;
};

}  // namespace leakfs::dkim
