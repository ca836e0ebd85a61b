// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/unicode.h"

#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

// UAX #15, Table 1 and Figure 5.
TEST(Nfc, ComposesWhatIsDecomposed) {
  EXPECT_EQ(to_nfc("e\u0301"), "\u00E9");
  EXPECT_EQ(to_nfc("\u00E9"), "\u00E9");
  EXPECT_EQ(to_nfc("\u212B"), "\u00C5");              // angstrom sign
  EXPECT_EQ(to_nfc("s\u0323\u0307"), "\u1E69");       // both marks
  EXPECT_EQ(to_nfc("s\u0307\u0323"), "\u1E69");       // in the other order
  EXPECT_EQ(to_nfc("\u1112\u1161\u11AB"), "\uD55C");  // Hangul
}

// UAX #15 Figure 6: canonical equivalents only.
TEST(Nfc, KeepsCompatibilityCharacters) { EXPECT_EQ(to_nfc("\uFB01 \u00B2"), "\uFB01 \u00B2"); }

TEST(Nfc, OfAsciiIsItself) {
  EXPECT_EQ(to_nfc(""), "");
  EXPECT_EQ(to_nfc("plain text"), "plain text");
}

TEST(WordCharacter, IsALetterMarkOrDigitOfAnyScript) {
  for (const char32_t c : {U'a', U'Z', U'0', U'é', U'ж', U'日', U'\u0301', U'\u0663', U'ß'}) {
    EXPECT_TRUE(is_word_character(c)) << std::hex << static_cast<unsigned>(c);
  }
  for (const char32_t c : {U' ', U'_', U'-', U'/', U'\0', U'€', U'\u200B', U'\u202E', U'\u00A0',
                           U'\uFFFD', U'\U0001F600'}) {
    EXPECT_FALSE(is_word_character(c)) << std::hex << static_cast<unsigned>(c);
  }
}

// Unicode Character Database, PropList.txt: White_Space.
TEST(WhiteSpace, IsThatOfTheProperty) {
  for (const char32_t c : {U'\t', U'\n', U'\v', U'\f', U'\r', U' ', U'\u0085', U'\u00A0', U'\u1680',
                           U'\u2003', U'\u2028', U'\u2029', U'\u202F', U'\u205F', U'\u3000'}) {
    EXPECT_TRUE(is_white_space(c)) << std::hex << static_cast<unsigned>(c);
  }
  for (const char32_t c : {U'a', U'\0', U'\u001F', U'\u200B', U'\u180E', U'\uFEFF'}) {
    EXPECT_FALSE(is_white_space(c)) << std::hex << static_cast<unsigned>(c);
  }
}

// Unicode Character Database, DerivedGeneralCategory.txt: Cf.
TEST(FormatCharacter, IsInvisible) {
  for (const char32_t c : {U'\u00AD', U'\u200B', U'\u200D', U'\u200E', U'\u202A', U'\u202E',
                           U'\u2066', U'\u2069', U'\uFEFF', U'\U000E0001'}) {
    EXPECT_TRUE(is_format_character(c)) << std::hex << static_cast<unsigned>(c);
  }
  for (const char32_t c : {U'a', U' ', U'\n', U'\u0301', U'\u2028', U'é'}) {
    EXPECT_FALSE(is_format_character(c)) << std::hex << static_cast<unsigned>(c);
  }
}

TEST(LowerCase, IsByCharacter) {
  EXPECT_EQ(to_lower("Alice@Example.ORG 09_"), "alice@example.org 09_");
  EXPECT_EQ(to_lower("ÉTÉ ЖУРНАЛ ΣΑΣ"), "été журнал σασ");
  EXPECT_EQ(to_lower("straße 日本"), "straße 日本");
}

}  // namespace
}  // namespace leakfs::mail
