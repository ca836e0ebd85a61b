// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/record_data.h"

#include "index/dkim/tag_list.h"

namespace leakfs::dkim {

Bytes skip_blanks(Bytes text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

void RecordData::read(Bytes line) {
  while (!(line = skip_blanks(line)).empty()) {
    const char byte = line.front();
    if (byte == ';') {
      comment_.append(comment_.empty() ? "" : " ").append(line.substr(1));
      return;
    }
    if (byte == '(') {
      ++open_;
      line.remove_prefix(1);
    } else if (byte == ')') {
      if (open_ == 0) {
        fail("\")\" without \"(\"");
      } else {
        --open_;
      }
      line.remove_prefix(1);
    } else {
      take_string(line);
    }
  }
}

void RecordData::fail(const std::string& reason) {
  if (flaw_.empty()) flaw_ = reason;
}

void RecordData::take_string(Bytes& line) {
  ++strings_;
  const bool is_quoted = line.front() == '"';
  if (is_quoted) line.remove_prefix(1);
  while (!line.empty()) {
    const char byte = line.front();
    if (is_quoted ? byte == '"' : is_delimiter(byte)) break;
    line.remove_prefix(1);
    if (byte == '\\') {
      take_escape(line);
    } else {
      joined_ += byte;
    }
  }
  if (!is_quoted) return;
  if (line.empty()) return fail("a string is not closed by \"");
  line.remove_prefix(1);
}

// "\X" is X, "\DDD" the byte of that number.
void RecordData::take_escape(Bytes& line) {
  const Bytes digits = line.substr(0, 3);
  if (digits.empty()) return fail("nothing follows a \\");
  if (!is_digit(digits.front())) {
    joined_ += digits.front();
    return line.remove_prefix(1);
  }
  constexpr int no_byte = 256;
  int value = 0;
  for (const char digit : digits) value = is_digit(digit) ? value * 10 + (digit - '0') : no_byte;
  if (digits.size() < 3 || value >= no_byte) return fail("\\" + excerpt(digits) + " is no byte");
  joined_ += static_cast<char>(value);
  line.remove_prefix(3);
}

}  // namespace leakfs::dkim
