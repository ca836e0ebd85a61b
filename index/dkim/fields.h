// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a message as signatures take them: by name without case, from the bottom up.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "index/mail/header.h"

namespace leakfs::dkim {

// Fields that a reader trusts, or that change what he reads.
constexpr auto trusted_fields =
    std::to_array<std::string_view>({"from", "to", "cc", "date", "subject", "reply-to",
                                     "content-type", "content-transfer-encoding"});

// Refers to the header, which has to outlive it.
class FieldIndex {
 public:
  explicit FieldIndex(const mail::Header& header);

  // How many fields of that lower-case name there are, and the nth of them from below, or null.
  std::size_t count(const std::string& name) const;
  const mail::Field* find(const std::string& name, std::size_t nth) const;

 private:
  std::unordered_map<std::string, std::vector<const mail::Field*>> by_name_;
};

// The fields that a signature covers, in the order in which they are hashed.
struct Selection {
  std::vector<const mail::Field*> fields;
  std::vector<std::string> names;  // of them, each once, lower case, in that order

  // How many of that name.
  std::size_t count(std::string_view name) const;
};

// RFC 6376 §5.4.2: of each name in h= the lowest field not taken yet, without `own`. Fields above
// `own` are left out if `only_below`.
Selection select_bottom_up(const FieldIndex& fields, const std::vector<std::string>& names,
                           const mail::Field& own, bool only_below);

// RFC 4870 §3.3: the fields below `own`, all of them or those that h= names. Of a name that is
// there once all of its fields are covered; of one that is repeated its last mention stands for the
// lowest field and so on, and its first for all that are left.
Selection select_below(const mail::Header& header, const std::vector<std::string>& names,
                       const mail::Field& own);

}  // namespace leakfs::dkim
