// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/unicode.h"

#include <cstdlib>
#include <memory>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "index/base/utf8.h"

namespace leakfs::mail {
namespace {

struct Free {
  void operator()(std::uint8_t* text) const { std::free(text); }
};

}  // namespace

std::string to_nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::size_t length = 0;
  const std::unique_ptr<std::uint8_t, Free> normal(
      u8_normalize(UNINORM_NFC, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                   nullptr, &length));
  if (normal == nullptr) return std::string(text);
  return {reinterpret_cast<const char*>(normal.get()), length};
}

bool is_word_character(char32_t character) {
  if (character < 0x80) {
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z');
  }
  return uc_is_general_category_withtable(
      character, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Nd);
}

bool is_white_space(char32_t character) {
  if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
  return uc_is_property_white_space(character);
}

bool is_format_character(char32_t character) {
  if (character < 0x80) return false;
  return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_Cf);
}

std::string to_lower(std::string_view text) {
  std::string lowered;
  lowered.reserve(text.size());
  while (!text.empty()) {
    const DecodedCharacter next = decode_utf8(text);
    if (next.character < 0x80) {
      const char c = static_cast<char>(next.character);
      lowered += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    } else {
      append_utf8(lowered, uc_tolower(next.character));
    }
    text.remove_prefix(next.length);
  }
  return lowered;
}

}  // namespace leakfs::mail
