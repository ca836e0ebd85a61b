// SPDX-License-Identifier: GPL-3.0-or-later
// What UTF-8 text needs of the Unicode tables. libunistring is behind this file.
#pragma once

#include <string>
#include <string_view>

namespace leakfs::mail {

// Normalization form C (UAX #15). Pure ASCII returns at once.
std::string to_nfc(std::string_view text);

// A letter, mark or digit of any script.
bool is_word_character(char32_t character);

// Any white space (property White_Space).
bool is_white_space(char32_t character);

// Category Cf: zero-width, bidirectional and other invisible characters.
bool is_format_character(char32_t character);

// Simple lower case by character, for addresses and search.
std::string to_lower(std::string_view text);

}  // namespace leakfs::mail
