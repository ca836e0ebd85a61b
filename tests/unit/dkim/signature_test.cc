// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 6376 §3.5 and §3.7.
#include "index/dkim/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakfs::dkim {
namespace {

using testing::ElementsAre;

constexpr const char* complete =
    "v=1; a=rsa-sha256; d=example.org; s=s1; h=from:to; bh=YWJj; b=ZGVm";

// The complete signature with the tag that starts as `tag` does put in the place of its own, or
// added.
Signature with(const std::string& tag) {
  std::string text = complete;
  const std::string name = tag.substr(0, tag.find('=') + 1);
  const std::size_t at = (" " + text).find(" " + name);
  if (at == std::string::npos) return parse_signature(SignatureKind::dkim, text + "; " + tag);
  const std::size_t end = std::min(text.find(';', at), text.size());
  return parse_signature(SignatureKind::dkim, text.replace(at, end - at, tag));
}

Signature without(const std::string& name) {
  std::string text = complete;
  const std::size_t at = (" " + text).find(" " + name + "=");
  const std::size_t end = std::min(text.find(';', at), text.size() - 1);
  return parse_signature(SignatureKind::dkim, text.erase(at, end + 1 - at));
}

// The whole field as it goes into its own signature.
ByteString own(Bytes raw, Canonicalization how) {
  ByteString out;
  append_own_field(out, {.raw = raw, .name = "DKIM-Signature", .value = {}}, how);
  return out;
}
constexpr auto simple = Canonicalization::simple;
constexpr auto relaxed = Canonicalization::relaxed;

TEST(Signature, DefaultsAreThoseOfTheRfc) {
  const Signature signature = parse_signature(SignatureKind::dkim, complete);
  EXPECT_FALSE(signature.is_malformed);
  EXPECT_FALSE(signature.is_draft);
  EXPECT_EQ(signature.header, simple);
  EXPECT_EQ(signature.body, simple);
  EXPECT_EQ(signature.identity_domain, "example.org");
  EXPECT_THAT(signature.fields, ElementsAre("from", "to"));
  EXPECT_EQ(signature.body_hash, "abc");
  EXPECT_EQ(signature.signature, "def");
  EXPECT_FALSE(signature.body_length);
  EXPECT_FALSE(signature.time);
  EXPECT_FALSE(signature.expiration);
}
TEST(Signature, FoldedBase64IsJoined) { EXPECT_EQ(with("b=ZG\r\n\t V\r\n m").signature, "def"); }
TEST(Signature, TheBodyIsSimpleUnlessASecondWordSaysMore) {
  EXPECT_EQ(with("c=relaxed").header, relaxed);
  EXPECT_EQ(with("c=relaxed").body, simple);
  EXPECT_EQ(with("c=simple/relaxed").body, relaxed);
  EXPECT_TRUE(with("c=nofws").is_malformed);
  EXPECT_TRUE(with("c=relaxed/").is_malformed);
}
TEST(Signature, AlgorithmsAreThree) {
  EXPECT_EQ(with("a=rsa-sha1").how.digest, crypto::DigestKind::sha1);
  EXPECT_EQ(with("a=rsa-sha256").how.digest, crypto::DigestKind::sha256);
  // RFC 8463 §3
  EXPECT_EQ(with("a=ed25519-sha256").how.key, crypto::KeyKind::ed25519);
  EXPECT_TRUE(with("a=rsa-md5").is_malformed);
  EXPECT_TRUE(with("a=ed25519-sha1").is_malformed);
}
TEST(Signature, AMissingRequiredTagIsMalformed) {
  for (const char* tag : {"a", "b", "bh", "d", "h", "s"}) {
    EXPECT_TRUE(without(tag).is_malformed) << tag;
  }
}
TEST(Signature, WithoutAVersionItIsOfADraft) {
  EXPECT_FALSE(without("v").is_malformed);
  EXPECT_TRUE(without("v").is_draft);
  EXPECT_TRUE(with("v=0.5").is_draft);
  EXPECT_TRUE(with("v=2").is_malformed);
}
TEST(Signature, AnEmptyRequiredTagIsMalformed) {
  for (const char* tag : {"b=", "bh=", "d=", "h=", "s=", "h=:"}) {
    EXPECT_TRUE(with(tag).is_malformed) << tag;
  }
}
TEST(Signature, DomainsAreInLowerCaseWithoutTheRootsDot) {
  EXPECT_EQ(with("d=Example.ORG.").domain, "example.org");
  EXPECT_EQ(with("i=Alice@Mail.Example.ORG").identity_domain, "mail.example.org");
}
TEST(Signature, ANameThatIsNoHostIsMalformed) {
  EXPECT_TRUE(with("d=example.org/x").is_malformed);
  EXPECT_TRUE(with("s=a\x1b[2J").is_malformed);
  EXPECT_TRUE(with("d=exam ple.org").is_malformed);
}
TEST(Signature, ALengthIsANumber) {
  EXPECT_EQ(with("l=0").body_length, 0U);
  EXPECT_TRUE(with("l=-1").is_malformed);
  EXPECT_TRUE(with("l=1x").is_malformed);
  EXPECT_TRUE(with("l=").is_malformed);
  // Up to 76 digits are allowed; no body is that long.
  EXPECT_EQ(with("l=99999999999999999999999").body_length, UINT64_MAX);
}
TEST(Signature, TimesBeyondAnyMailsAreNone) {
  EXPECT_EQ(with("t=1493022125").time, 1493022125);
  EXPECT_EQ(with("x=1493022126").expiration, 1493022126);
  EXPECT_FALSE(with("t=99999999999").is_malformed);
  EXPECT_FALSE(with("t=99999999999").time);
}
TEST(Signature, NamesInHAreLimited) {
  std::string names = "h=from";
  for (std::size_t i = 1; i < signed_fields_max; ++i) names += ":a";
  EXPECT_FALSE(with(names).is_malformed);
  EXPECT_TRUE(with(names + ":a").is_malformed);
}

TEST(OwnField, TheValueOfBGoesWithItsWhiteSpace) {
  EXPECT_EQ(own("DKIM-Signature: v=1; b=AA\r\n\tBB== \r\n", simple), "DKIM-Signature: v=1; b=");
  EXPECT_EQ(own("DKIM-Signature: v=1; b=\r\n\tAA;\r\n\tl=1\r\n", simple),
            "DKIM-Signature: v=1; b=;\r\n\tl=1");
}
TEST(OwnField, BMayBeTheFirstTagOrTheOnly) {
  EXPECT_EQ(own("DKIM-Signature: b=AA; v=1\r\n", simple), "DKIM-Signature: b=; v=1");
  EXPECT_EQ(own("DKIM-Signature:b=AA\r\n", relaxed), "dkim-signature:b=");
}
TEST(OwnField, BhIsNotB) {
  EXPECT_EQ(own("DKIM-Signature: bh=AA; b=BB; v=1\r\n", simple), "DKIM-Signature: bh=AA; b=; v=1");
}
TEST(OwnField, ABWithinAnotherValueIsNotB) {
  EXPECT_EQ(own("DKIM-Signature: z=Subject:b=1| b=2;\r\n b=BB\r\n", simple),
            "DKIM-Signature: z=Subject:b=1| b=2;\r\n b=");
}
TEST(OwnField, WhiteSpaceMayStandAroundTheNameB) {
  EXPECT_EQ(own("DKIM-Signature: v=1;\r\n\tb\r\n\t= AA ;l=1\r\n", simple),
            "DKIM-Signature: v=1;\r\n\tb\r\n\t=;l=1");
}
TEST(OwnField, RelaxedUnfoldsTheRest) {
  EXPECT_EQ(own("DKIM-Signature: v=1;\r\n\ta=x; b=AA;\r\n", relaxed),
            "dkim-signature:v=1; a=x; b=;");
}
TEST(OwnField, ASemicolonAtTheEndStays) {
  EXPECT_EQ(own("DKIM-Signature: v=1; b=AA;\r\n", simple), "DKIM-Signature: v=1; b=;");
  EXPECT_EQ(own("DKIM-Signature: v=1; b=AA; \r\n", simple), "DKIM-Signature: v=1; b=; ");
}
TEST(OwnField, WithoutBItStaysAsItIs) {
  EXPECT_EQ(own("DKIM-Signature: v=1; bh=AA\r\n", simple), "DKIM-Signature: v=1; bh=AA");
}

}  // namespace
}  // namespace leakfs::dkim
