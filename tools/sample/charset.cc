// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/charset.h"

#include <array>

#include "index/base/utf8.h"

namespace leakfs::sample {
namespace {

struct Special {
  char32_t character;
  char windows_1252;
  std::string_view latin1;  // how one writes it without
  std::string_view ascii;
};

constexpr auto specials = std::to_array<Special>({
    {0x20ac, '\x80', "EUR", "EUR"},
    {0x2026, '\x85', "...", "..."},
    {0x0152, '\x8c', "OE", "OE"},
    {0x2018, '\x91', "'", "'"},
    {0x2019, '\x92', "'", "'"},
    {0x201c, '\x93', "\"", "\""},
    {0x201d, '\x94', "\"", "\""},
    {0x2013, '\x96', "-", "-"},
    {0x2014, '\x97', "-", "-"},
    {0x0153, '\x9c', "oe", "oe"},
    {0x00ab, '\xab', "\u00ab", "\""},
    {0x00bb, '\xbb', "\u00bb", "\""},
    {0x00b0, '\xb0', "\u00b0", "o"},
    {0x00a0, '\xa0', "\u00a0", " "},
});

// U+00C0 to U+00FF without their accents.
constexpr std::string_view bare_letters =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

const Special* find_special(char32_t character) {
  for (const Special& special : specials) {
    if (special.character == character) return &special;
  }
  return nullptr;
}

}  // namespace

std::string_view name_of(Charset charset) {
  switch (charset) {
    case Charset::us_ascii:
      return "us-ascii";
    case Charset::iso_8859_1:
      return "iso-8859-1";
    case Charset::windows_1252:
      return "windows-1252";
    case Charset::utf_8:
      return "utf-8";
  }
  return {};
}

std::string spelled_in(Charset charset, std::string_view text) {
  if (charset == Charset::utf_8 || charset == Charset::windows_1252 || is_ascii(text)) {
    return std::string(text);
  }
  std::string spelled;
  spelled.reserve(text.size());
  while (!text.empty()) {
    const DecodedCharacter at = decode_utf8(text);
    if (at.character < 0x80) {
      spelled += static_cast<char>(at.character);
    } else if (const Special* special = find_special(at.character)) {
      spelled += charset == Charset::us_ascii ? special->ascii : special->latin1;
    } else if (charset == Charset::us_ascii) {
      spelled +=
          at.character >= 0xc0 && at.character <= 0xff ? bare_letters[at.character - 0xc0] : '?';
    } else {
      append_utf8(spelled, at.character);
    }
    text.remove_prefix(at.length);
  }
  return spelled;
}

ByteString encoded_in(Charset charset, std::string_view text) {
  if (charset == Charset::utf_8 || is_ascii(text)) return ByteString(text);
  ByteString bytes;
  bytes.reserve(text.size());
  while (!text.empty()) {
    const DecodedCharacter at = decode_utf8(text);
    const Special* special = at.character > 0xff ? find_special(at.character) : nullptr;
    bytes += special != nullptr ? special->windows_1252 : static_cast<char>(at.character & 0xff);
    text.remove_prefix(at.length);
  }
  return bytes;
}

}  // namespace leakfs::sample
