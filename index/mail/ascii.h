// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: the classes of ASCII characters that the grammars of mail are made of. No
// locale has a say in them.
#pragma once

namespace leakfs::mail {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// WSP of RFC 5234 Appendix B.1.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

// What folding white space is made of, RFC 5322 §3.2.2.
constexpr bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }

// isspace() of the C locale.
constexpr bool is_white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace leakfs::mail
