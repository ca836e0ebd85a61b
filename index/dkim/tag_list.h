// SPDX-License-Identifier: GPL-3.0-or-later
// Tag=value lists (RFC 6376 §3.2), the syntax of signatures and key records. Values stay as they
// are written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/base/bytes.h"

namespace leakfs::dkim {

constexpr std::size_t tags_max = 64;

struct Tag {
  Bytes name;   // tag names compare with case
  Bytes value;  // without the white space around it
};

class TagList {
 public:
  // Absent if it is none: a piece without "=", an ill-formed or a repeated name, above tags_max.
  static std::optional<TagList> parse(Bytes text);

  // The value of a tag, if it is there.
  std::optional<Bytes> find(Bytes name) const;
  // The name of the first tag; empty if there is none.
  Bytes first_name() const;

 private:
  std::vector<Tag> tags_;
};

// Space, tab, CR and LF, the characters of FWS (RFC 6376 §2.8).
constexpr bool is_fws(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}
Bytes trim_fws(Bytes text);
// All of it removed.
ByteString without_fws(Bytes text);

// "a : b" as its items, lower case (ASCII) and trimmed; empty items are dropped.
std::vector<std::string> split_colons(Bytes text);

// ASCII lower case.
std::string lower_case(Bytes text);

// The start of what somebody else wrote, on one line that is safe on a terminal, for a message.
std::string excerpt(Bytes text);

}  // namespace leakfs::dkim
