// SPDX-License-Identifier: GPL-3.0-or-later
// The data of a record in a master file (RFC 1035 §5.1): words and quoted strings, on one line or,
// in parentheses, on several.
#pragma once

#include <cstddef>
#include <string>

#include "index/base/bytes.h"

namespace leakfs::dkim {

constexpr bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r'; }
constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// What ends a word that is not quoted.
constexpr bool is_delimiter(char byte) {
  return is_blank(byte) || byte == '"' || byte == '(' || byte == ')' || byte == ';';
}
Bytes skip_blanks(Bytes text);

class RecordData {
 public:
  // Takes one line. Whatever is wrong with it, what can be read of it is taken.
  void read(Bytes line);

  const ByteString& joined() const { return joined_; }  // all strings as one
  std::size_t strings() const { return strings_; }
  const ByteString& comment() const { return comment_; }
  bool is_open() const { return open_ > 0; }  // a parenthesis is, so the next line belongs to it

  // Takes note of what is wrong; the first reason stays.
  void fail(const std::string& reason);
  const std::string& flaw() const { return flaw_; }

 private:
  void take_string(Bytes& line);
  void take_escape(Bytes& line);

  ByteString joined_;
  std::size_t strings_ = 0;
  ByteString comment_;
  int open_ = 0;
  std::string flaw_;
};

}  // namespace leakfs::dkim
