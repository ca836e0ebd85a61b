// SPDX-License-Identifier: GPL-3.0-or-later
// Signs a message, does something to it, and looks at the verdict.
#include "index/dkim/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/dkim/sign.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

using testing::Contains;
using testing::ElementsAre;

constexpr const char* message_text =
    "From: Alice <alice@example.org>\r\n"
    "To: bob@example.net\r\n"
    "Subject: Budget\r\n"
    "Date: Mon, 24 Apr 2017 10:22:05 +0200\r\n"
    "\r\n"
    "First line\r\n"
    "Second line\r\n";

class Verify : public testing::Test {
 protected:
  static const crypto::PrivateKey& key() {
    static const crypto::PrivateKey generated =
        crypto::PrivateKey::generate(crypto::KeyKind::rsa, 1024);
    return generated;
  }

  static SigningOptions options() {
    return {.domain = "example.org", .selector = "s1", .fields = {"from", "to", "subject", "date"}};
  }

  static std::string record(const crypto::PrivateKey& signer, const std::string& tags = "") {
    return "s1._domainkey.example.org. IN TXT \"v=DKIM1; " + tags +
           "p=" + mail::encode_base64(signer.public_bytes()) + "\"";
  }

  void put_keys(const std::string& zone) {
    std::vector<KeyFileProblem> problems;
    keyring_.add(zone + "\n", "test", problems);
    EXPECT_TRUE(problems.empty());
  }

  Report judge(const ByteString& message) const {
    return verify(message, mail::parse_header(message), 1493022125, keyring_);
  }

  static ByteString signed_message(const SigningOptions& how) {
    return sign(message_text, key(), how) + message_text;
  }

  static ByteString replaced(ByteString message, const std::string& what, const std::string& with) {
    return message.replace(message.rfind(what), what.size(), with);
  }

  Keyring keyring_;
};

TEST_F(Verify, AGoodSignatureVerifies) {
  put_keys(record(key()));
  for (const Canonicalization how : {Canonicalization::simple, Canonicalization::relaxed}) {
    SigningOptions good = options();
    good.header = good.body = how;
    const Report report = judge(signed_message(good));
    EXPECT_EQ(report.status, Status::verified);
    EXPECT_THAT(report.domains, ElementsAre("example.org"));
    EXPECT_TRUE(report.flags.empty());
  }
}

TEST_F(Verify, LineEndsThatBecameLfDoNotMatter) {
  put_keys(record(key()));
  ByteString message = signed_message(options());
  std::erase(message, '\r');
  EXPECT_EQ(judge(message).status, Status::verified);
}

TEST_F(Verify, AnotherBodyIsBodyAltered) {
  put_keys(record(key()));
  const Report report = judge(replaced(signed_message(options()), "Second", "Third"));
  EXPECT_EQ(report.reason, Reason::body_altered);
  EXPECT_EQ(report.signatures.at(0).result, Outcome::fail);
}

TEST_F(Verify, AnotherSubjectIsHeadersAltered) {
  put_keys(record(key()));
  EXPECT_EQ(judge(replaced(signed_message(options()), "Budget", "Gadget")).reason,
            Reason::headers_altered);
}

TEST_F(Verify, WithoutAKeyOnlyTheBodyCanSpeak) {
  const ByteString message = signed_message(options());
  EXPECT_EQ(judge(message).reason, Reason::key_missing);
  EXPECT_EQ(judge(replaced(message, "Second", "Third")).reason, Reason::altered);
}

TEST_F(Verify, AnEmptyKeyIsRevoked) {
  put_keys("s1._domainkey.example.org. IN TXT \"v=DKIM1; p=\"");
  EXPECT_EQ(judge(signed_message(options())).reason, Reason::key_revoked);
}

TEST_F(Verify, AKeyThatIsPublicProvesNothing) {
  put_keys(record(key()) + " ; compromised-since=2020-01-01");
  EXPECT_EQ(judge(signed_message(options())).reason, Reason::key_compromised);
}

TEST_F(Verify, AShortKeyIsWeak) {
  const crypto::PrivateKey weak = crypto::PrivateKey::generate(crypto::KeyKind::rsa, 768);
  put_keys(record(weak));
  EXPECT_EQ(judge(sign(message_text, weak, options()) + message_text).reason, Reason::weak_key);
}

TEST_F(Verify, TheKeyThatFitsIsFoundAmongSeveral) {
  const crypto::PrivateKey other = crypto::PrivateKey::generate(crypto::KeyKind::rsa, 1024);
  put_keys(record(other) + "\n" + record(key()));
  EXPECT_EQ(judge(signed_message(options())).status, Status::verified);
}

TEST_F(Verify, ALengthWithTextBehindItIsPartial) {
  put_keys(record(key()));
  SigningOptions partial = options();
  partial.body_length = 12;
  EXPECT_EQ(judge(signed_message(partial)).reason, Reason::partial_body);
  partial.body_length = 0;
  EXPECT_EQ(judge(signed_message(partial)).reason, Reason::partial_body);
}

TEST_F(Verify, AWholeLengthVerifiesUntilTextIsAdded) {
  put_keys(record(key()));
  SigningOptions whole = options();
  whole.body_length = 25;
  const ByteString message = signed_message(whole);
  EXPECT_EQ(judge(message).status, Status::verified);
  EXPECT_EQ(judge(message + "added\r\n").reason, Reason::partial_body);
}

TEST_F(Verify, FromHasToBeCovered) {
  put_keys(record(key()));
  SigningOptions without = options();
  without.fields = {"to", "subject"};
  EXPECT_EQ(judge(signed_message(without)).reason, Reason::from_unsigned);
}

TEST_F(Verify, ASecondFromIsNotVerified) {
  put_keys(record(key()));
  EXPECT_EQ(judge("From: eve@example.org\r\n" + signed_message(options())).reason,
            Reason::from_unsigned);
}

TEST_F(Verify, AnIdentityOfAnotherDomainIsNotVerified) {
  put_keys(record(key()));
  SigningOptions foreign = options();
  foreign.identity = "alice@evil.example";
  EXPECT_EQ(judge(signed_message(foreign)).reason, Reason::from_unsigned);
}

TEST_F(Verify, AStrictKeyWantsItsOwnDomain) {
  put_keys(record(key(), "t=s; "));
  SigningOptions below = options();
  below.identity = "@mail.example.org";
  EXPECT_EQ(judge(signed_message(below)).reason, Reason::from_unsigned);
  EXPECT_EQ(judge(signed_message(options())).status, Status::verified);
}

TEST_F(Verify, ASecondSubjectIsAFlag) {
  put_keys(record(key()));
  const Report report = judge("Subject: Other\r\n" + signed_message(options()));
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, ElementsAre("extra-subject"));
}

TEST_F(Verify, TheClockIsThatOfTheMail) {
  put_keys(record(key()));
  SigningOptions timed = options();
  timed.time = 1493022125;
  timed.expiration = 1493622125;
  EXPECT_TRUE(judge(signed_message(timed)).flags.empty());
  timed.expiration = 1493022000;
  EXPECT_THAT(judge(signed_message(timed)).flags, ElementsAre("expired"));
}

TEST_F(Verify, AStrangersSignatureIsUnaligned) {
  put_keys(record(key()));
  const ByteString text = replaced(message_text, "alice@example.org", "alice@example.net");
  const Report report = judge(sign(text, key(), options()) + text);
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, Contains("unaligned"));
  EXPECT_THAT(
      verified_line(report, "alice@example.net"),
      testing::StartsWith("by example.org only; this does not prove the sender alice@example.net"));
}

TEST_F(Verify, AStrangerAmongTheAuthorsIsUnaligned) {
  put_keys(record(key()));
  const std::string message =
      "From: boss@example.com, Alice <alice@example.org>\r\nSubject: x\r\n\r\ntext\r\n";
  EXPECT_THAT(judge(sign(message, key(), options()) + message).flags, Contains("unaligned"));
}

TEST_F(Verify, ASenderThatMayHideBehindTooManyFieldsIsNotVerified) {
  put_keys(record(key()));
  ByteString message = signed_message(options());
  for (std::size_t i = 0; i < mail::fields_max; ++i) message.insert(0, "X-Filler: x\r\n");
  EXPECT_EQ(judge(message).reason, Reason::unsigned_);  // the signature is beyond the limit as well
  ByteString filler;
  for (std::size_t i = 0; i < mail::fields_max; ++i) filler += "X-Filler: x\r\n";
  const ByteString below = replaced(signed_message(options()), "\r\n\r\n",
                                    "\r\n" + filler + "From: Boss <boss@example.com>\r\n\r\n");
  EXPECT_EQ(judge(below).reason, Reason::from_unsigned);
}

TEST_F(Verify, AnAddedSubjectIsSaidToTheReader) {
  put_keys(record(key()));
  const ByteString message = signed_message(options());
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

TEST_F(Verify, NoSignatureIsUnsignedAndABrokenOneMalformed) {
  EXPECT_EQ(judge(message_text).reason, Reason::unsigned_);
  EXPECT_EQ(judge(std::string("DKIM-Signature: v=1; a=rsa-sha256\r\n") + message_text).reason,
            Reason::malformed);
}

TEST_F(Verify, OneGoodSignatureAmongBadOnesIsEnough) {
  put_keys(record(key()));
  const ByteString message = signed_message(options());
  const Report report =
      judge("DKIM-Signature: v=1; nonsense\r\n" + sign("A: b\r\n\r\n", key(), options()) + message);
  EXPECT_EQ(report.signatures.size(), 3U);
  EXPECT_EQ(report.status, Status::verified);
}

TEST_F(Verify, TheSeventeenthSignatureIsNotJudged) {
  put_keys(record(key()));
  ByteString sixteen;
  for (int i = 0; i < 16; ++i) sixteen += "DKIM-Signature: v=1\r\n";
  const Report cut = judge(sixteen + signed_message(options()));
  EXPECT_EQ(cut.signatures.size(), signatures_max);
  EXPECT_TRUE(cut.is_cut);
  EXPECT_EQ(cut.reason, Reason::malformed);
  EXPECT_FALSE(judge(sixteen + message_text).is_cut);
}

}  // namespace
}  // namespace leakfs::dkim
