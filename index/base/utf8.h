// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8 by RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "index/base/bytes.h"

namespace leakfs {

constexpr char32_t replacement_character = 0xfffd;

// One character read from bytes.
struct DecodedCharacter {
  char32_t character = 0;  // U+FFFD where the bytes are no UTF-8
  std::size_t length = 0;  // bytes taken, at least 1; 0 only at the end
  bool is_valid = true;
};
DecodedCharacter decode_utf8(Bytes bytes);

bool is_ascii(Bytes bytes);
bool is_utf8(Bytes bytes);

void append_utf8(std::string& text, char32_t character);

// The text, each ill-formed sequence replaced by one U+FFFD.
std::string to_valid_utf8(Bytes bytes);

// The longest prefix of at most `size_max` bytes that ends at a character border.
std::string_view cut_utf8(std::string_view text, std::size_t size_max);

// C0 but tab and line feed, DEL, C1, bidirectional controls (U+202A..U+202E, U+2066..U+2069), line
// and paragraph separators, BOM, noncharacters: what can lie to a reader or drive a terminal.
bool is_unsafe_on_terminal(char32_t character);

// The text with each such character replaced by U+FFFD. For logs, messages and rendered mail.
std::string terminal_safe(Bytes bytes);

// The same on one line: tab and line feed are replaced as well. For error messages and CSV.
std::string one_line(Bytes bytes);

}  // namespace leakfs
