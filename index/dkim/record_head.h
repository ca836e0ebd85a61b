// SPDX-License-Identifier: GPL-3.0-or-later
// The head of a line of a key file: which name, and of which form the data behind it are.
#pragma once

#include <cstdint>
#include <string>

#include "index/base/bytes.h"

namespace leakfs::dkim {

struct RecordHead {
  enum class Form : std::uint8_t {
    text,   // strings of a TXT record; also "NAME "..."", what dig +short prints behind a name
    alias,  // the target of a CNAME record
    other,  // data of another type
    value,  // "NAME VALUE": all of the line, in which ";" begins no comment
    none,   // it cannot be told
  };
  Form form = Form::none;
  Bytes owner;  // as written; empty: that of the record before
  Bytes data;   // the rest of the line
  bool has_type = false;
  bool has_class = false;
  std::string flaw;  // what is wrong
};

// Takes the next word off `text`; empty where a delimiter stands instead.
Bytes take_word(Bytes& text);

// An indented line that begins with a TTL, class or type has the owner of the record before (RFC
// 1035 §5.1); any other is taken for one that somebody indented.
RecordHead parse_head(Bytes line);

// Whether a line, within parentheses that nobody closed, is rather a record of its own.
bool begins_record(Bytes line);

}  // namespace leakfs::dkim
