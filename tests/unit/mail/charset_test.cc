// SPDX-License-Identifier: GPL-3.0-or-later
// Expected texts are those of Python's codecs, unless a standard is named.
#include "index/mail/charset.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "index/base/utf8.h"

namespace leakfs::mail {
namespace {

TEST(Charset, ScriptsOfOneByteAreRead) {
  EXPECT_EQ(to_utf8("\xa3\xf3"
                    "d\xbc",
                    "iso-8859-2"),
            "Łódź");
  EXPECT_EQ(to_utf8("\xb6\xe3\xe0\xdd\xd0\xdb", "iso-8859-5"), "Журнал");
  EXPECT_EQ(to_utf8("\xc5\xeb\xeb\xdc\xe4\xe1", "iso-8859-7"), "Ελλάδα");
  EXPECT_EQ(to_utf8("\xf9\xec\xe5\xed", "iso-8859-8"), "שלום");
  EXPECT_EQ(to_utf8("\xa4\xbd", "iso-8859-15"), "€œ");
  EXPECT_EQ(to_utf8("\x8elu\x9dou\xe8k\xfd", "windows-1250"), "Žluťoučký");
  EXPECT_EQ(to_utf8("\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251"), "Привет");
  EXPECT_EQ(to_utf8("\x80\x93na\xefve\x94", "windows-1252"), "€“naïve”");
  EXPECT_EQ(to_utf8("\xe3\xd1\xcd\xc8\xc7", "windows-1256"), "مرحبا");
  EXPECT_EQ(to_utf8("\xf0\xd2\xc9\xd7\xc5\xd4", "koi8-r"), "Привет");
  EXPECT_EQ(to_utf8("\xb7\xd6\xc1\xcb", "koi8-u"), "Їжак");
  EXPECT_EQ(to_utf8("\xe4\xb7\xc2", "tis-620"), "ไทย");
  EXPECT_EQ(to_utf8("\x8f\xe0\xa8\xa2\xa5\xe2", "cp866"), "Привет");
  EXPECT_EQ(to_utf8("\x82", "cp850"), "é");
}

TEST(Charset, ScriptsOfSeveralBytesAreRead) {
  EXPECT_EQ(to_utf8("\xd6\xd0\xce\xc4", "gb2312"), "中文");
  EXPECT_EQ(to_utf8("\xd6\xd0\xce\xc4\xa2\xe3", "gb18030"), "中文€");
  EXPECT_EQ(to_utf8("\xa4\xa4\xa4\xe5", "big5"), "中文");
  EXPECT_EQ(to_utf8("\x93\xfa\x96{\x8c\xea", "shift_jis"), "日本語");
  EXPECT_EQ(to_utf8("\xc6\xfc\xcb\xdc\xb8\xec", "euc-jp"), "日本語");
  EXPECT_EQ(to_utf8("\xc7\xd1\xb1\xb9\xbe\xee", "euc-kr"), "한국어");
}

TEST(Charset, CharsetsOfSevenBitsAreRead) {
  EXPECT_EQ(to_utf8("a \x1b$BF|K\\8l\x1b(B b", "iso-2022-jp"), "a 日本語 b");
  EXPECT_EQ(to_utf8("\x1b$)C\x0eGQ19>n\x0f", "iso-2022-kr"), "한국어");
  EXPECT_EQ(to_utf8("+AOk-", "utf-7"), "é");
}

TEST(Charset, Utf16IsReadByItsMark) {
  EXPECT_EQ(to_utf8(std::string("\xff\xfe\xe9\0", 4), "utf-16"), "é");
  EXPECT_EQ(to_utf8(std::string("\xfe\xff\0\xe9", 4), "utf-16"), "é");
  EXPECT_EQ(to_utf8(std::string("\xff\xfe\xe9\0", 4), "utf-16"), "é");  // not kept from the last
  EXPECT_EQ(to_utf8(std::string("\xff\xfe\0\0\xe9\0\0\0", 8), "utf-32"), "é");
  EXPECT_EQ(to_utf8(std::string("\0\0\xfe\xff\0\0\0\xe9", 8), "utf-32"), "é");
  EXPECT_EQ(to_utf8(std::string("a\0\xe9\0", 4), "utf-16"), "aé");
  EXPECT_EQ(to_utf8(std::string("a\0\xe9\0", 4), "utf-16le"), "aé");
  EXPECT_EQ(to_utf8(std::string("\0a\0\xe9", 4), "UTF-16BE"), "aé");
}

// WHATWG Encoding Standard §4.2.
TEST(Charset, Latin1IsWindows1252) {
  EXPECT_EQ(to_utf8("\x80 \xe9 \x92", "iso-8859-1"), "€ é ’");
  EXPECT_EQ(to_utf8("\x80", "latin1"), "€");
}

TEST(Charset, MistakenNamesAreKnown) {
  for (const char* label : {"UTF-8", "utf8", "Utf-8", "\"utf-8\"", " utf-8 ", "utf-8;"}) {
    EXPECT_EQ(to_utf8("\xc3\xa9", label), "é") << label;
  }
  for (const char* label : {"cp1252", "cp-1252", "ansi", "x-ansi", "windows1252", "ISO8859-1"}) {
    EXPECT_EQ(to_utf8("\xe9\x80", label), "é€") << label;
  }
  EXPECT_EQ(to_utf8("\x93\xfa", "x-sjis"), "日");
  EXPECT_EQ(to_utf8("\xd6\xd0", "GBK"), "中");
  EXPECT_EQ(to_utf8("\xc7\xd1", "ks_c_5601-1987"), "한");
  EXPECT_EQ(to_utf8("\xf9\xec", "iso-8859-8-i"), "של");
  EXPECT_EQ(to_utf8("\x8e", "x-mac-roman"), "é");
}

// RFC 2231 §5.
TEST(Charset, ALanguageMayFollow) { EXPECT_EQ(to_utf8("\xf0\xd2", "koi8-r*ru"), "Пр"); }

TEST(Charset, WithoutANameIsUtf8OrWindows1252) {
  for (const char* label : {"", "x-unknown", "us-ascii", "utf-8"}) {
    EXPECT_EQ(to_utf8("d\xc3\xa9j\xc3\xa0", label), "déjà") << label;
    EXPECT_EQ(to_utf8("d\xe9j\xe0 vu", label), "déjà vu") << label;
  }
}

TEST(Charset, LongTextOfAnotherScriptIsGuessed) {
  // "Съешь же ещё этих мягких французских булок, да выпей чаю." twice.
  const std::string once =
      "\xf3\xdf\xc5\xdb\xd8 \xd6\xc5 \xc5\xdd\xa3 \xdc\xd4\xc9\xc8 \xcd\xd1\xc7\xcb\xc9\xc8 "
      "\xc6\xd2\xc1\xce\xc3\xd5\xda\xd3\xcb\xc9\xc8 \xc2\xd5\xcc\xcf\xcb, \xc4\xc1 "
      "\xd7\xd9\xd0\xc5\xca \xde\xc1\xc0. ";
  EXPECT_EQ(to_utf8(once + once, ""),
            "Съешь же ещё этих мягких французских булок, да выпей чаю. "
            "Съешь же ещё этих мягких французских булок, да выпей чаю. ");
}

TEST(Charset, Utf8UnderAWesternLabelIsUtf8) {
  EXPECT_EQ(to_utf8("d\xc3\xa9j\xc3\xa0", "iso-8859-1"), "déjà");
  EXPECT_EQ(to_utf8("d\xc3\xa9j\xc3\xa0", "windows-1252"), "déjà");
}

TEST(Charset, WhatItDoesNotHaveIsReplaced) {
  EXPECT_EQ(to_utf8("a\x81z", "windows-1252"), "a\uFFFDz");
  EXPECT_EQ(to_utf8("\xd6\xd0\xff\xce\xc4", "gb2312"), "中\uFFFD文");
  EXPECT_EQ(to_utf8("\xc3\xa9t\xc3\xa9 \xff", "utf-8"), "été \uFFFD");
  EXPECT_EQ(to_utf8("\x93\xfa\x96", "shift_jis"), "日\uFFFD");
}

// In these charsets a mark may follow that is part of the character.
TEST(Charset, TheLastCharacterIsNotHeldBack) {
  EXPECT_EQ(to_utf8("\xf9\xec\xe5\xed", "windows-1255"), "שלום");
  EXPECT_EQ(to_utf8("\xf9", "windows-1255"), "ש");
  EXPECT_EQ(to_utf8("\xc0 Vi\xea", "windows-1258"), "À Viê");
  EXPECT_EQ(to_utf8("\x88\x66", "big5"), "Ê");
}

TEST(Charset, NothingIsNothing) {
  for (const char* label : {"", "utf-8", "iso-2022-jp", "utf-16", "big5"}) {
    EXPECT_EQ(to_utf8("", label), "") << label;
  }
}

// Each conversion starts in the first state of its charset.
TEST(Charset, AnUnfinishedShiftDoesNotLeakIntoTheNextText) {
  to_utf8("\x1b$BF|", "iso-2022-jp");
  EXPECT_EQ(to_utf8("F|", "iso-2022-jp"), "F|");
}

TEST(Charset, ResultIsUtf8WhateverTheBytes) {
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i * 167 + i / 256);
  for (const char* label : {"utf-8", "us-ascii", "utf-7", "utf-16", "utf-32", "iso-2022-jp", "hz",
                            "iso-2022-kr", "gb18030", "big5", "cp932", "koi8-r", "", "../x"}) {
    EXPECT_TRUE(is_utf8(to_utf8(bytes, label))) << label;
  }
}

TEST(Charset, ANameIsNoPathNorOptionOfTheConverter) {
  EXPECT_EQ(to_utf8("\xe9", "koi8-r//TRANSLIT"), "é");
  EXPECT_EQ(to_utf8("\xe9", "../../koi8-r"), "é");
}

// A thread that has opened no charset before.
TEST(Charset, ThousandsOfMadeUpNamesHideNoneThatIsKnown) {
  std::string greek;
  std::thread([&greek] {
    for (int i = 0; i < 2000; ++i) to_utf8("\xe9", "x-made-up-" + std::to_string(i));
    greek = to_utf8("\xc5\xeb", "iso-8859-7");
  }).join();
  EXPECT_EQ(greek, "Ελ");
}

}  // namespace
}  // namespace leakfs::mail
