// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/transfer.h"

#include <string>

#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

// Decodes, and checks that the size without the bytes is the size of the bytes.
std::string decoded(Bytes encoded, TransferEncoding encoding) {
  const ByteString bytes = decode_transfer(encoded, encoding);
  EXPECT_EQ(decoded_size(encoded, encoding), bytes.size()) << encoded;
  return bytes;
}

std::string base64(Bytes encoded) { return decoded(encoded, TransferEncoding::base64); }
std::string quoted(Bytes encoded) { return decoded(encoded, TransferEncoding::quoted_printable); }
std::string uu(Bytes encoded) { return decoded(encoded, TransferEncoding::uuencode); }

// RFC 2045 §6.1: without case; §6.4: of an unknown one nothing is known.
TEST(TransferEncoding, IsNamedInAnyCase) {
  EXPECT_EQ(transfer_encoding(" Base64\r\n"), TransferEncoding::base64);
  EXPECT_EQ(transfer_encoding("QUOTED-PRINTABLE"), TransferEncoding::quoted_printable);
  EXPECT_EQ(transfer_encoding("base64 (of an image)"), TransferEncoding::base64);
  EXPECT_EQ(transfer_encoding("base64;"), TransferEncoding::base64);
  EXPECT_EQ(transfer_encoding("x-uuencode"), TransferEncoding::uuencode);
  for (const Bytes value : {"7bit", "8bit", "binary", "", "x-unknown", "base 64"}) {
    EXPECT_EQ(transfer_encoding(value), TransferEncoding::identity) << value;
  }
}

TEST(Identity, ChangesNothing) {
  const std::string bytes("a=3D\r\n\0\xff", 8);
  EXPECT_EQ(decoded(bytes, TransferEncoding::identity), bytes);
}

// RFC 4648 §10.
TEST(Base64, VectorsOfTheStandardAreDecoded) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("Zg=="), "f");
  EXPECT_EQ(base64("Zm8="), "fo");
  EXPECT_EQ(base64("Zm9v"), "foo");
  EXPECT_EQ(base64("Zm9vYg=="), "foob");
  EXPECT_EQ(base64("Zm9vYmE="), "fooba");
  EXPECT_EQ(base64("Zm9vYmFy"), "foobar");
}

TEST(Base64, VectorsOfTheStandardAreEncoded) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("f"), "Zg==");
  EXPECT_EQ(encode_base64("fo"), "Zm8=");
  EXPECT_EQ(encode_base64("foo"), "Zm9v");
  EXPECT_EQ(encode_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(encode_base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode_base64("\xfb\xff\xfe"), "+//+");
}

TEST(Base64, EveryByteComesBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
}

// RFC 2045 §6.8: what is not in the alphabet is ignored.
TEST(Base64, OtherCharactersAreSkipped) {
  EXPECT_EQ(base64("Zm\r\n9 v|Y\tm\xff"
                   "F-y!"),
            "foobar");
}

TEST(Base64, PaddingMayBeMissing) {
  EXPECT_EQ(base64("Zg"), "f");
  EXPECT_EQ(base64("Zm8"), "fo");
  EXPECT_EQ(base64("Zm9vZ"), "foo");  // six bits are no byte
}

TEST(Base64, GoesOnAfterPadding) {
  EXPECT_EQ(base64("Zm8=\r\nZm9v\r\nZg==\r\n"), "fofoof");
  EXPECT_EQ(base64("===="), "");
  EXPECT_EQ(base64("=Zm9v"), "foo");
}

// RFC 2045 §6.7 (1).
TEST(QuotedPrintable, AnEqualsSignAndTwoHexDigitsAreAByte) {
  EXPECT_EQ(quoted("=46=6F=6f =3D=00="), std::string("Foo =\0", 6));
}

// RFC 2045 §6.7, rule 3.
TEST(QuotedPrintable, BlanksAtTheEndOfALineGo) {
  EXPECT_EQ(quoted("a \t\r\nb=20\r\nc\t"), "a\r\nb \r\nc");
  EXPECT_EQ(quoted("a  \nb"), "a\nb");
}

// RFC 2045 §6.7, rule 4.
TEST(QuotedPrintable, LineEndsStayAsTheyAre) {
  EXPECT_EQ(quoted("a\r\nb\n\nc\n"), "a\r\nb\n\nc\n");
}

// RFC 2045 §6.7, rule 5, and its example.
TEST(QuotedPrintable, AnEqualsSignAtTheEndJoinsLines) {
  EXPECT_EQ(quoted("Now's the time =\r\nfor all folk to come=\n to the aid of their country."),
            "Now's the time for all folk to come to the aid of their country.");
  EXPECT_EQ(quoted("a= \t\r\nb"), "ab");
  EXPECT_EQ(quoted("a=\r\n=\r\n"), "a");
  EXPECT_EQ(quoted("a="), "a");
}

// RFC 2045 §6.7, note on robustness (2).
TEST(QuotedPrintable, WhatIsNoCodeStays) {
  EXPECT_EQ(quoted("a=b =G1 =4 =="), "a=b =G1 =4 =");
  EXPECT_EQ(quoted("=4\n1"), "=4\n1");
  EXPECT_EQ(quoted("=E9=e9=eG"), "\xe9\xe9=eG");
}

TEST(QuotedPrintable, EightBitBytesAndControlsStay) {
  EXPECT_EQ(quoted("d\xe9j\xe0\x1b\f\r!"), "d\xe9j\xe0\x1b\f\r!");
}

// The example of POSIX uuencode, historical algorithm.
TEST(Uuencode, StandsBetweenBeginAndEnd) {
  EXPECT_EQ(uu("begin 644 cat.txt\n#0V%T\n`\nend\n"), "Cat");
  EXPECT_EQ(uu("before\r\nbegin 644 a b.txt\r\n#0V%T\r\n`\r\nend\r\nafter\r\n"), "Cat");
  EXPECT_EQ(uu("no file in here\n"), "");
}

TEST(Uuencode, LastLineMayBeShort) {
  EXPECT_EQ(uu("begin 644 a\n\"0V$ \n \nend\n"), "Ca");
  EXPECT_EQ(uu("begin 644 a\n!0P\n`\nend\n"), "C");  // blanks at its end were lost
}

TEST(Uuencode, FullLinesAreFortyFiveBytes) {
  EXPECT_EQ(uu("begin 644 a\nM86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A\n"
               "!80``\n`\nend\n"),
            std::string(46, 'a'));
}

TEST(Uuencode, WithoutEndGoesToTheLastLine) { EXPECT_EQ(uu("begin 644 cat.txt\n#0V%T"), "Cat"); }

}  // namespace
}  // namespace leakfs::mail
