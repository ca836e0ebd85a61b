// SPDX-License-Identifier: GPL-3.0-or-later
// Signs a message, does something to it, and looks at the verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(Verify, AGoodSignatureVerifies) {
  for (const Canonicalization how : {Canonicalization::simple, Canonicalization::relaxed}) {
    SigningOptions good = options();
    good.header = good.body = how;
    const Report report = judge(signed_mail(letter, good));
    EXPECT_EQ(report.status, Status::verified);
    EXPECT_THAT(report.domains, ElementsAre("example.org"));
    EXPECT_TRUE(report.flags.empty());
  }
}

TEST(Verify, LineEndsThatBecameLfDoNotMatter) {
  std::string message = signed_mail();
  std::erase(message, '\r');
  EXPECT_EQ(judge(message).status, Status::verified);
}

TEST(Verify, AnotherBodyIsBodyAltered) {
  const Report report = judge(replaced(signed_mail(), "Second", "Third"));
  EXPECT_EQ(report.reason, Reason::body_altered);
  EXPECT_EQ(report.signatures.at(0).result, Outcome::fail);
}

TEST(Verify, AnotherSubjectIsHeadersAltered) {
  EXPECT_EQ(judge(replaced(signed_mail(), "Budget", "Gadget")).reason, Reason::headers_altered);
}

TEST(Verify, WithoutAKeyOnlyTheBodyCanSpeak) {
  const std::string message = signed_mail();
  EXPECT_EQ(judge(message, "").reason, Reason::key_missing);
  EXPECT_EQ(judge(replaced(message, "Second", "Third"), "").reason, Reason::altered);
}

TEST(Verify, AnEmptyKeyIsRevoked) {
  EXPECT_EQ(judge(signed_mail(), revoked_record).reason, Reason::key_revoked);
}

TEST(Verify, AKeyThatIsPublicProvesNothing) {
  const std::string zone = record_text(key()) + " ; compromised-since=2020-01-01\n";
  EXPECT_EQ(judge(signed_mail(), zone).reason, Reason::key_compromised);
}

TEST(Verify, AShortKeyIsWeak) {
  const crypto::PrivateKey weak = crypto::PrivateKey::generate(crypto::KeyKind::rsa, 768);
  EXPECT_EQ(judge(joined({sign(letter, weak, options()), letter}), record(weak)).reason,
            Reason::weak_key);
}

TEST(Verify, TheKeyThatFitsIsFoundAmongSeveral) {
  EXPECT_EQ(judge(signed_mail(), record(other_key()) + record(key())).status, Status::verified);
}

TEST(Verify, ALengthWithTextBehindItIsPartial) {
  SigningOptions partial = options();
  partial.body_length = 12;
  EXPECT_EQ(judge(signed_mail(letter, partial)).reason, Reason::partial_body);
  partial.body_length = 0;
  EXPECT_EQ(judge(signed_mail(letter, partial)).reason, Reason::partial_body);
}

TEST(Verify, AWholeLengthVerifiesUntilTextIsAdded) {
  SigningOptions whole = options();
  whole.body_length = 25;
  const std::string message = signed_mail(letter, whole);
  EXPECT_EQ(judge(message).status, Status::verified);
  EXPECT_EQ(judge(message + "added\r\n").reason, Reason::partial_body);
}

TEST(Verify, FromHasToBeCovered) {
  SigningOptions without = options();
  without.fields = {"to", "subject"};
  EXPECT_EQ(judge(signed_mail(letter, without)).reason, Reason::from_unsigned);
}

TEST(Verify, ASecondFromIsNotVerified) {
  EXPECT_EQ(judge("From: eve@example.org\r\n" + signed_mail()).reason, Reason::from_unsigned);
}

TEST(Verify, AnIdentityOfAnotherDomainIsNotVerified) {
  SigningOptions foreign = options();
  foreign.identity = "alice@evil.example";
  EXPECT_EQ(judge(signed_mail(letter, foreign)).reason, Reason::from_unsigned);
}

TEST(Verify, AStrictKeyWantsItsOwnDomain) {
  const std::string zone = record(key(), "t=s; ");
  SigningOptions below = options();
  below.identity = "@mail.example.org";
  EXPECT_EQ(judge(signed_mail(letter, below), zone).reason, Reason::from_unsigned);
  EXPECT_EQ(judge(signed_mail(), zone).status, Status::verified);
}

TEST(Verify, ASecondSubjectIsAFlag) {
  const Report report = judge("Subject: Other\r\n" + signed_mail());
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, ElementsAre("extra-subject"));
}

TEST(Verify, TheClockIsThatOfTheMail) {
  SigningOptions timed = options();
  timed.time = mail_time;
  timed.expiration = 1493622125;
  EXPECT_TRUE(judge(signed_mail(letter, timed)).flags.empty());
  timed.expiration = 1493022000;
  EXPECT_THAT(judge(signed_mail(letter, timed)).flags, ElementsAre("expired"));
}

TEST(Verify, AStrangersSignatureIsUnaligned) {
  const std::string text = replaced(letter, "alice@example.org", "alice@example.net");
  const Report report = judge(signed_mail(text));
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, Contains("unaligned"));
  EXPECT_THAT(
      verified_line(report, "alice@example.net"),
      testing::StartsWith("by example.org only; this does not prove the sender alice@example.net"));
}

TEST(Verify, AStrangerAmongTheAuthorsIsUnaligned) {
  const std::string message =
      "From: boss@example.com, Alice <alice@example.org>\r\nSubject: x\r\n\r\ntext\r\n";
  EXPECT_THAT(judge(signed_mail(message)).flags, Contains("unaligned"));
}

TEST(Verify, ASenderThatMayHideBehindTooManyFieldsIsNotVerified) {
  std::string message = signed_mail();
  for (std::size_t i = 0; i < mail::fields_max; ++i) message.insert(0, "X-Filler: x\r\n");
  EXPECT_EQ(judge(message).reason, Reason::unsigned_);  // the signature is beyond the limit as well
  std::string filler;
  for (std::size_t i = 0; i < mail::fields_max; ++i) filler += "X-Filler: x\r\n";
  const std::string below = replaced(signed_mail(), "\r\n\r\n",
                                     "\r\n" + filler + "From: Boss <boss@example.com>\r\n\r\n");
  EXPECT_EQ(judge(below).reason, Reason::from_unsigned);
}

TEST(Verify, AnAddedSubjectIsSaidToTheReader) {
  const std::string message = signed_mail();
  EXPECT_EQ(
      verified_line(judge(message), "alice@example.org"),
      "yes, by example.org (dkim, selector s1, rsa-sha256, 1024 bits): From, To, Date, Subject "
      "and the whole body");
  EXPECT_EQ(
      verified_line(judge("Subject: Other\r\nCc: eve@example.net\r\n" + message),
                    "alice@example.org"),
      "yes, by example.org (dkim, selector s1, rsa-sha256, 1024 bits): From, To, Date and the "
      "whole body; added outside the signature: Subject; not signed: Cc");
}

TEST(Verify, NoSignatureIsUnsignedAndABrokenOneMalformed) {
  EXPECT_EQ(judge(letter).reason, Reason::unsigned_);
  EXPECT_EQ(judge(joined({"DKIM-Signature: v=1; a=rsa-sha256\r\n", letter})).reason,
            Reason::malformed);
}

TEST(Verify, OneGoodSignatureAmongBadOnesIsEnough) {
  const std::string message = signed_mail();
  const Report report =
      judge("DKIM-Signature: v=1; nonsense\r\n" + sign("A: b\r\n\r\n", key(), options()) + message);
  EXPECT_EQ(report.signatures.size(), 3U);
  EXPECT_EQ(report.status, Status::verified);
}

TEST(Verify, TheSeventeenthSignatureIsNotJudged) {
  std::string sixteen;
  for (int i = 0; i < 16; ++i) sixteen += "DKIM-Signature: v=1\r\n";
  const Report cut = judge(sixteen + signed_mail());
  EXPECT_EQ(cut.signatures.size(), signatures_max);
  EXPECT_TRUE(cut.is_cut);
  EXPECT_EQ(cut.reason, Reason::malformed);
  EXPECT_FALSE(judge(joined({sixteen, letter})).is_cut);
}

}  // namespace
}  // namespace leakfs::dkim
