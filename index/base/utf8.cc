// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/utf8.h"

#include <cstdint>
#include <cstring>

namespace leakfs {
namespace {

unsigned char at(Bytes bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

// How many bytes of ASCII it starts with.
std::size_t ascii_prefix(Bytes bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    if ((word & 0x8080808080808080U) != 0) break;
  }
  while (i < bytes.size() && at(bytes, i) < 0x80) ++i;
  return i;
}

bool is_printable_ascii(unsigned char c) { return c >= 0x20 && c < 0x7f; }

// Copies `bytes`, with U+FFFD for what is ill-formed and for what `is_refused`, which is asked of
// all but printable ASCII.
template <typename Predicate>
std::string filtered(Bytes bytes, Predicate is_refused) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    // Most text is ASCII that may stay: it is taken in runs.
    std::size_t run = 0;
    while (run < bytes.size() && (is_printable_ascii(at(bytes, run)) ||
                                  (at(bytes, run) < 0x80 && !is_refused(at(bytes, run))))) {
      ++run;
    }
    text.append(bytes.substr(0, run));
    bytes.remove_prefix(run);
    if (bytes.empty()) break;
    const DecodedCharacter next = decode_utf8(bytes);
    if (!next.is_valid || is_refused(next.character)) {
      append_utf8(text, replacement_character);
    } else {
      text.append(bytes.substr(0, next.length));
    }
    bytes.remove_prefix(next.length);
  }
  return text;
}

}  // namespace

DecodedCharacter decode_utf8(Bytes bytes) {
  if (bytes.empty()) return {};
  const unsigned char lead = at(bytes, 0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return {replacement_character, 1, false};
  char32_t value = lead & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= bytes.size() || (at(bytes, i) & 0xc0) != 0x80)
      return {replacement_character, i, false};
    // The second byte decides whether the form is overlong, a surrogate or too large.
    if (i == 1 &&
        ((lead == 0xe0 && at(bytes, 1) < 0xa0) || (lead == 0xed && at(bytes, 1) > 0x9f) ||
         (lead == 0xf0 && at(bytes, 1) < 0x90) || (lead == 0xf4 && at(bytes, 1) > 0x8f))) {
      return {replacement_character, 1, false};
    }
    value = (value << 6) | (at(bytes, i) & 0x3f);
  }
  return {value, length, true};
}

bool is_ascii(Bytes bytes) { return ascii_prefix(bytes) == bytes.size(); }

bool is_utf8(Bytes bytes) {
  while (true) {
    bytes.remove_prefix(ascii_prefix(bytes));
    if (bytes.empty()) return true;
    const DecodedCharacter next = decode_utf8(bytes);
    if (!next.is_valid) return false;
    bytes.remove_prefix(next.length);
  }
}

void append_utf8(std::string& text, char32_t character) {
  const auto put = [&text](char32_t value) { text += static_cast<char>(value); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xc0 | (character >> 6));
    put(0x80 | (character & 0x3f));
  } else if (character < 0x10000) {
    put(0xe0 | (character >> 12));
    put(0x80 | ((character >> 6) & 0x3f));
    put(0x80 | (character & 0x3f));
  } else {
    put(0xf0 | (character >> 18));
    put(0x80 | ((character >> 12) & 0x3f));
    put(0x80 | ((character >> 6) & 0x3f));
    put(0x80 | (character & 0x3f));
  }
}

std::string to_valid_utf8(Bytes bytes) {
  if (is_ascii(bytes)) return std::string(bytes);
  return filtered(bytes, [](char32_t) { return false; });
}

std::string_view cut_utf8(std::string_view text, std::size_t size_max) {
  if (text.size() <= size_max) return text;
  while (size_max > 0 && (at(text, size_max) & 0xc0) == 0x80) --size_max;
  return text.substr(0, size_max);
}

bool is_unsafe_on_terminal(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n';
  if (c < 0x7f) return false;
  return c < 0xa0 || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
         c == 0x2029 || c == 0xfeff || (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

std::string terminal_safe(Bytes bytes) { return filtered(bytes, is_unsafe_on_terminal); }

std::string one_line(Bytes bytes) {
  return filtered(bytes, [](char32_t c) { return c < 0x20 || is_unsafe_on_terminal(c); });
}

}  // namespace leakfs
