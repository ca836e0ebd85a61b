// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 6376 §3.4; §3.4.5 has the examples.
#include "index/dkim/canonical.h"

#include <gtest/gtest.h>

#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

ByteString header(Bytes raw, Canonicalization how) {
  ByteString out;
  append_header(out, raw, how);
  return out;
}

BodyDigest body(Bytes bytes, Canonicalization how, std::uint64_t length_max = UINT64_MAX) {
  return hash_body(bytes, {.how = how, .length_max = length_max});
}

// What a body canonicalizes to is seen by its hash only.
void expect_same(Bytes given, Bytes canonical, Canonicalization how) {
  EXPECT_EQ(body(given, how).digest, crypto::sha256(canonical));
  EXPECT_EQ(body(given, how).size, canonical.size());
}

constexpr auto simple = Canonicalization::simple;
constexpr auto relaxed = Canonicalization::relaxed;

TEST(CanonRelaxedHeader, IsThatOfTheRfc) {
  EXPECT_EQ(header("A: X\r\n", relaxed), "a:X\r\n");
  EXPECT_EQ(header("B : Y\t\r\n\tZ  \r\n", relaxed), "b:Y Z\r\n");
}
TEST(CanonSimpleHeader, StaysAsItIs) {
  EXPECT_EQ(header("B : Y\t\r\n\tZ  \r\n", simple), "B : Y\t\r\n\tZ  \r\n");
}
TEST(CanonHeader, LfCountsAsCrlf) {
  EXPECT_EQ(header("B : Y\t\n\tZ  \n", relaxed), "b:Y Z\r\n");
  EXPECT_EQ(header("B : Y\t\n\tZ  \n", simple), "B : Y\t\r\n\tZ  \r\n");
}
TEST(CanonRelaxedHeader, OfAnEmptyValueIsTheNameAlone) {
  EXPECT_EQ(header("Subject: \r\n", relaxed), "subject:\r\n");
}

TEST(CanonRelaxedBody, IsThatOfTheRfc) {
  expect_same(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n", relaxed);
}
TEST(CanonSimpleBody, IsThatOfTheRfc) {
  expect_same(" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", simple);
}
TEST(CanonRelaxedBody, TrailingBlankLinesAreIgnored) {
  expect_same("a\r\n \r\n\t\r\n", "a\r\n", relaxed);
}
TEST(CanonSimpleBody, OfNothingIsOneLineEnd) {
  expect_same("", "\r\n", simple);
  expect_same("\r\n\r\n", "\r\n", simple);
}
TEST(CanonRelaxedBody, OfNothingIsNothing) {
  expect_same("", "", relaxed);
  expect_same("\r\n\r\n", "", relaxed);
}
TEST(CanonBody, AMissingLastLineEndIsAdded) {
  expect_same("a", "a\r\n", simple);
  expect_same("a", "a\r\n", relaxed);
}
TEST(CanonBody, BlankLinesInTheMiddleStay) {
  expect_same("a\n\n\nb\n", "a\r\n\r\n\r\nb\r\n", simple);
  expect_same("a\n\n\nb\n", "a\r\n\r\n\r\nb\r\n", relaxed);
}
TEST(CanonBody, ALongOneIsHashedInPieces) {
  const std::string line(20'000, 'x');
  expect_same(line + "\n" + line, line + "\r\n" + line + "\r\n", simple);
}
TEST(CanonBody, ALengthLeavesTheRestOut) {
  const BodyDigest digest = body("abc\r\ndef\r\n", simple, 5);
  EXPECT_EQ(digest.digest, crypto::sha256("abc\r\n"));
  EXPECT_EQ(digest.hashed, 5U);
  EXPECT_EQ(digest.size, 10U);
}
// RFC 6376 §3.4.3 and §3.4.4 print the hashes of an empty body.
TEST(CanonBody, OfNothingHasTheHashesOfTheRfc) {
  const auto hash = [](Canonicalization how, crypto::DigestKind digest) {
    return mail::encode_base64(hash_body("", {.how = how, .digest = digest}).digest.bytes());
  };
  EXPECT_EQ(hash(simple, crypto::DigestKind::sha1), "uoq1oCgLlTqpdDX/iUbLy7J1Wic=");
  EXPECT_EQ(hash(simple, crypto::DigestKind::sha256),
            "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
  EXPECT_EQ(hash(relaxed, crypto::DigestKind::sha1), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
  EXPECT_EQ(hash(relaxed, crypto::DigestKind::sha256),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

}  // namespace
}  // namespace leakfs::dkim
