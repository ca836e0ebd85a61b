// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 6376 §3.4; §3.4.5 has the examples.
#include "index/dkim/canonical.h"

#include <algorithm>

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

ByteString canonical_body(Bytes bytes, Canonicalization how) {
  ByteString out;
  append_body(out, bytes, how);
  return out;
}

// In memory as in hashes.
void expect_same(Bytes given, Bytes canonical, Canonicalization how) {
  EXPECT_EQ(canonical_body(given, how), canonical);
  EXPECT_EQ(body(given, how).digest, crypto::sha256(canonical));
  EXPECT_EQ(body(given, how).size, canonical.size());
  crypto::Hasher hasher(crypto::DigestKind::sha256);
  feed_body(hasher, given, how);
  EXPECT_EQ(hasher.finish(), crypto::sha256(canonical));
}

constexpr auto simple = Canonicalization::simple;
constexpr auto relaxed = Canonicalization::relaxed;
constexpr auto nofws = Canonicalization::nofws;

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
// RFC 4870 §3.4.2.2
TEST(CanonNofwsHeader, HasNoWhiteSpaceAndItsOwnCase) {
  EXPECT_EQ(header("Subject : a\t b\r\n c\r\n", nofws), "Subject:abc\r\n");
  EXPECT_EQ(header("Subject: a\rb\n\tc\n", nofws), "Subject:abc\r\n");
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
// RFC 4870 §3.4.2.2: "the test for an empty line occurs after removing all folding whitespace".
TEST(CanonNofwsBody, HasNoWhiteSpaceAndNoTrailingEmptyLines) {
  expect_same(" a  b\tc \r\n \t\r\nd\r\n \r\n\t\r\n", "abc\r\n\r\nd\r\n", nofws);
  expect_same("a\rb\r\n", "ab\r\n", nofws);
}
TEST(CanonNofwsBody, OfNothingIsNothing) {
  expect_same("", "", nofws);
  expect_same(" \t\r\r\n\r\n", "", nofws);
}
TEST(CanonBody, AMissingLastLineEndIsAdded) {
  expect_same("a", "a\r\n", simple);
  expect_same("a", "a\r\n", relaxed);
  expect_same("a", "a\r\n", nofws);
}
TEST(CanonBody, ACrWithoutLfIsAByteOfItsLine) {
  expect_same("a\rb\r\n", "a\rb\r\n", simple);
  expect_same("a\r\r\nb\r", "a\r\r\nb\r\r\n", simple);
  expect_same("a \r b\n", "a \r b\r\n", relaxed);
  expect_same("a\n \r", "a\r\n \r\r\n", relaxed);
  expect_same("\r \n", "\r\r\n", relaxed);
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
TEST(CanonBody, EveryHashOfOnePassIsThatOfItsOwn) {
  const std::string text = "a  b \n\n" + std::string(50'000, 'c') + "\r\n\td\n\n";
  std::vector<BodyHashRequest> requests;
  for (const Canonicalization how : {nofws, relaxed, simple}) {
    for (const auto digest : {crypto::DigestKind::sha1, crypto::DigestKind::sha256}) {
      for (const std::uint64_t length : {UINT64_MAX, std::uint64_t{0}, std::uint64_t{40'000}}) {
        requests.push_back({.how = how, .digest = digest, .length_max = length});
      }
    }
  }
  requests.push_back(requests.front());
  const std::vector<BodyDigest> digests = hash_bodies(text, requests);
  ASSERT_EQ(digests.size(), requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    crypto::Hasher hasher(requests[i].digest);
    const ByteString canonical = canonical_body(text, requests[i].how);
    hasher.add(Bytes(canonical).substr(0, std::min(requests[i].length_max, canonical.size())));
    EXPECT_EQ(digests[i].digest, hasher.finish()) << i;
    EXPECT_EQ(digests[i].size, canonical.size()) << i;
    EXPECT_EQ(digests[i].hashed, std::min(requests[i].length_max, canonical.size())) << i;
  }
  EXPECT_TRUE(hash_bodies(text, {}).empty());
}
TEST(CanonBody, IsBlankIfAllItsLinesAreEmpty) {
  for (const Canonicalization how : {simple, relaxed, nofws}) {
    EXPECT_TRUE(is_blank("", how));
    EXPECT_TRUE(is_blank("\r\n\n\r\n", how));
    EXPECT_EQ(is_blank(" \r\n\t\r\n", how), how != simple);
    EXPECT_EQ(is_blank("\r", how), how == nofws);
    EXPECT_FALSE(is_blank("\r\na", how));
  }
}
TEST(BareLf, IsFoundWhereverItIs) {
  EXPECT_FALSE(has_bare_lf(""));
  EXPECT_TRUE(has_bare_lf("\n"));
  for (std::size_t at = 1; at < 200; ++at) {
    std::string text(200, 'a');
    text[at] = '\n';
    EXPECT_TRUE(has_bare_lf(text)) << at;
    text[at - 1] = '\r';
    EXPECT_FALSE(has_bare_lf(text)) << at;
  }
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
