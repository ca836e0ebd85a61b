// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 3629 §3 and §4, and the Unicode Standard, table 3-7 and the practice of one U+FFFD for each
// maximal subpart of an ill-formed sequence.
#include "index/base/utf8.h"

#include <gtest/gtest.h>

namespace leakfs {
namespace {

constexpr const char* replaced = "\xef\xbf\xbd";

TEST(Utf8, EveryCharacterIsReadAsItIsWritten) {
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::string text;
    append_utf8(text, c);
    const DecodedCharacter read = decode_utf8(text);
    ASSERT_TRUE(read.is_valid && read.character == c && read.length == text.size())
        << std::hex << int(c);
  }
}
TEST(Utf8, FormsAreThoseOfTheRfc) {
  const auto form = [](char32_t c) {
    std::string text;
    append_utf8(text, c);
    return text;
  };
  EXPECT_EQ(form(0x7f), "\x7f");
  EXPECT_EQ(form(0x80), "\xc2\x80");
  EXPECT_EQ(form(0x7ff), "\xdf\xbf");
  EXPECT_EQ(form(0x800), "\xe0\xa0\x80");
  EXPECT_EQ(form(0xffff), "\xef\xbf\xbf");
  EXPECT_EQ(form(0x10000), "\xf0\x90\x80\x80");
  EXPECT_EQ(form(0x233b4), "\xf0\xa3\x8e\xb4");  // RFC 3629 §7
  EXPECT_EQ(form(0x10ffff), "\xf4\x8f\xbf\xbf");
}
TEST(Utf8, OverlongFormsSurrogatesAndLargerNumbersAreNone) {
  for (const char* text :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\x80", "\xbf"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
    EXPECT_FALSE(decode_utf8(text).is_valid) << text;
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("\xed\x9f\xbf\xee\x80\x80"));
}
TEST(Utf8, AnIllFormedSequenceIsOneReplacement) {
  const std::string r = replaced;
  EXPECT_EQ(to_valid_utf8("a\xff"
                          "b"),
            "a" + r + "b");
  EXPECT_EQ(to_valid_utf8("\xe2\x82"), r);
  EXPECT_EQ(to_valid_utf8("\xe2\x82"
                          "x"),
            r + "x");
  EXPECT_EQ(to_valid_utf8("\xf0\x9f\x98"
                          "x"),
            r + "x");
  EXPECT_EQ(to_valid_utf8("\xe2\xe2\x82\xac"), r + "\xe2\x82\xac");
  // The example of the Unicode Standard, section 3.9, table 3-8.
  EXPECT_EQ(to_valid_utf8("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82"
                          "A"),
            r + r + r + r + r + r + r + r + "A");
  // ... and table 3-11.
  EXPECT_EQ(to_valid_utf8("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf"
                          "A"),
            r + r + r + r + "A");
}
TEST(Utf8, TheEndIsNoCharacter) { EXPECT_EQ(decode_utf8("").length, 0U); }

TEST(CutUtf8, NoCharacterIsCut) {
  const std::string text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";  // of 1, 2, 3 and 4 bytes
  const std::size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t size = 0; size < std::size(kept); ++size) {
    EXPECT_EQ(cut_utf8(text, size), text.substr(0, kept[size])) << size;
  }
}

TEST(Ascii, OneHighByteAnywhereIsNone) {
  for (std::size_t size = 0; size < 20; ++size) {
    std::string text(size, 'a');
    EXPECT_TRUE(is_ascii(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(is_ascii(text)) << at << " of " << size;
      text[at] = 'a';
    }
  }
}

TEST(TerminalSafe, ControlsAndWhatReordersTextAreReplaced) {
  for (const char* text :
       {"\x1b", "\x07", "\r", "\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\xa8",
        "\xef\xbb\xbf", "\xef\xbf\xbe", "\xf0\x9f\xbf\xbf", "\xff"}) {
    EXPECT_EQ(terminal_safe(text), replaced) << to_valid_utf8(text);
    EXPECT_EQ(one_line(text), replaced);
  }
  EXPECT_EQ(terminal_safe(Bytes("\0", 1)), replaced);
  EXPECT_EQ(terminal_safe("a\tb\nc \xc3\xa9 \xf0\x9f\x98\x80"),
            "a\tb\nc \xc3\xa9 \xf0\x9f\x98\x80");
}
TEST(OneLine, TabsAndLineFeedsAreReplacedAsWell) {
  EXPECT_EQ(one_line("a\tb\nc"), std::string("a") + replaced + "b" + replaced + "c");
}

}  // namespace
}  // namespace leakfs
