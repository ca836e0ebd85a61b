// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a key file, item by item: RFC 1035 §5 master files and what dig(1) and host(1) print,
// as far as TXT and CNAME go, and lines "NAME VALUE". leakfs-keyring(5) has the rules. Knows what
// stands in a file and what of it is ill-formed, but nothing of keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "index/base/bytes.h"
#include "index/dkim/record_data.h"

namespace leakfs::dkim {

// Whether a comment begins with a word of provenance: seen=, compromised-since or source=.
bool is_provenance(Bytes comment);

struct ZoneItem {
  enum class Kind : std::uint8_t {
    text,     // a TXT record
    value,    // "NAME VALUE"
    alias,    // a CNAME record
    other,    // a record of another type, or a directive
    comment,  // one that stands above no record
    error,    // a line that cannot be read
  };
  Kind kind = Kind::comment;
  std::size_t line = 0;      // the first of its lines, from 1
  std::string name;          // complete, in lower case, without the final dot
  ByteString value;          // the strings joined; the name of the alias' target; what is wrong
  ByteString comment_above;  // the comment line right above
  ByteString comment;        // on its own lines
};

class ZoneFile {
 public:
  // `text` outlives it.
  explicit ZoneFile(Bytes text);

  // The next item; absent at the end. An error costs its own lines only: behind a parenthesis that
  // is never closed, reading goes on with the next line that begins a record.
  std::optional<ZoneItem> next();

 private:
  Bytes take_line();
  ZoneItem read_item(Bytes line);
  ZoneItem read_directive(Bytes line);
  ZoneItem read_record(Bytes line);
  RecordData read_data(Bytes first);
  std::optional<std::string> complete(Bytes name) const;

  Bytes rest_;
  std::size_t line_ = 0;           // of the last line that was taken
  std::string origin_;             // of $ORIGIN, empty without one
  std::string owner_;              // of the record before
  std::optional<ZoneItem> above_;  // a comment, until the next line tells what it belongs to
};

}  // namespace leakfs::dkim
