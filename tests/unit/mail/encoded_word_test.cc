// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/encoded_word.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "index/mail/header.h"

namespace leakfs::mail {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

// RFC 2047 §8, without the parentheses of its comments.
TEST(EncodedWord, WhiteSpaceBetweenTwoIsDropped) {
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?a?="), "a");
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?a?= b"), "a b");
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?="), "ab");
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?="), "ab");
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?="), "ab");
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?a_b?="), "a b");
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?="), "a b");
}

// RFC 2047 §8.
TEST(EncodedWord, SentenceOfTheStandardIsRead) {
  EXPECT_EQ(decode_text(" =?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n"
                        "    =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=\r\n"),
            "If you can read this you understand the example.");
  EXPECT_EQ(decode_text("=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?="), "Patrik Fältström");
  EXPECT_EQ(decode_text("=?iso-8859-8?b?7eXs+SDv4SDs6Oj08A==?="), "םולש ןב לטטפנ");
}

TEST(EncodedWord, WhiteSpaceBesidePlainTextStays) {
  EXPECT_EQ(decode_text("a =?utf-8?q?b?=  c"), "a b  c");
  EXPECT_EQ(decode_text("=?utf-8?q?a?= b =?utf-8?q?c?="), "a b c");
}

TEST(EncodedWord, LettersOfCharsetAndEncodingHaveNoCase) {
  EXPECT_EQ(decode_text("=?UTF-8?b?w6k=?= =?utf-8?B?w6k=?= =?Utf-8?q?=c3=a9?="), "ééé");
}

// RFC 2047 §4.2.
TEST(EncodedWord, OfQHasUnderscoresForBlanks) {
  EXPECT_EQ(decode_text("=?utf-8?Q?a_b=20c=5Fd_?=e"), "a b c_d e");
}

TEST(EncodedWord, OfQMayStartWithACode) {
  EXPECT_EQ(decode_text("=?utf-8?Q?=C3=A9t=C3=A9?="), "été");
  EXPECT_EQ(decode_text("=?utf-8?Q?=3F=3D?="), "?=");
}

TEST(EncodedWord, OfBMayLackItsPadding) { EXPECT_EQ(decode_text("=?utf-8?B?w6k?="), "é"); }

// RFC 2047 §5 forbids it, old programs do it.
TEST(EncodedWord, CharacterSplitOverTwoIsJoined) {
  EXPECT_EQ(decode_text("=?utf-8?Q?=C3?= =?UTF-8?Q?=A9?="), "é");
  EXPECT_EQ(decode_text("=?utf-8?B?w6nD?=\r\n =?utf-8?B?qQ==?="), "éé");
  EXPECT_EQ(decode_text("=?gb2312?B?1g==?= =?gb2312?B?0A==?="), "中");
}

TEST(EncodedWord, EachHasItsOwnCharset) {
  EXPECT_EQ(
      decode_text("=?koi8-r?Q?=F0=D2?= =?windows-1251?Q?=E8=E2?= =?iso-2022-jp?B?GyRCRnwbKEI=?="),
      "Прив日");
}

// RFC 2231 §5.
TEST(EncodedWord, MayNameALanguage) {
  EXPECT_EQ(decode_text("=?US-ASCII*EN?Q?Keith_Moore?="), "Keith Moore");
}

TEST(EncodedWord, WithoutBlankBeforeItIsReadAsWell) {
  EXPECT_EQ(decode_text("Re:=?utf-8?q?a?=b"), "Re:ab");
  EXPECT_EQ(decode_text("=?utf-8?q?a?==?utf-8?q?b?="), "ab");
}

TEST(EncodedWord, MayHoldBlanksThatWereNotEncoded) {
  EXPECT_EQ(decode_text("=?utf-8?Q?a b =C3=A9?="), "a b é");
}

TEST(EncodedWord, ThatCannotBeDecodedStays) {
  for (const char* text :
       {"=?utf-8?X?abc?=", "=?utf-8?Q?abc", "=?utf-8?Q", "=?utf-8?", "=?",
        "=?\?=", "=??Q?abc?=", "=?utf-8?QQ?abc?=", "a =? b ?= c", "=?a b?Q?c?=", "?="}) {
    EXPECT_EQ(decode_text(text), text);
  }
}

TEST(EncodedWord, DecodedTextIsNotDecodedAgain) {
  EXPECT_EQ(decode_text("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?="), "=?utf-8?Q?a?=");
}

// The limit of encoded_word.cc.
TEST(EncodedWord, AThousandAreDecodedAndTheRestStays) {
  const std::string thousand = repeated("=?utf-8?q?a?= ", 1000);
  EXPECT_EQ(decode_text(thousand), std::string(1000, 'a'));
  EXPECT_EQ(decode_text(thousand + "=?utf-8?q?b?="), std::string(1000, 'a') + " =?utf-8?q?b?=");
}

TEST(UnstructuredText, IsUnfolded) {
  EXPECT_EQ(decode_text(" a\r\n b\r\n"), "a b");
  EXPECT_EQ(decode_text(" a\r\n\tb\r\n"), "a b");
  EXPECT_EQ(decode_text(" \r\n "), "");
}

TEST(UnstructuredText, OfEightBitsIsUtf8OrGuessed) {
  EXPECT_EQ(decode_text("d\xc3\xa9j\xc3\xa0"), "déjà");
  EXPECT_EQ(decode_text("d\xe9j\xe0"), "déjà");
  EXPECT_EQ(decode_text("d\xe9j\xe0 =?utf-8?q?vu?="), "déjà vu");
}

// Each needs seconds of a decoder that looks for the end of every word anew.
TEST(UnstructuredText, FullOfUnfinishedWordsEndsSoon) {
  const auto start = std::chrono::steady_clock::now();
  for (const char* piece : {"=?a?q?b ", "=?a?b", "=?", "=?a b?q?", "=?a?q?b?"}) {
    const std::string text = repeated(piece, field_size_max / std::string_view(piece).size());
    for (int i = 0; i < 10; ++i) decode_text(text);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace leakfs::mail
