// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done to a signed mail, or by its signer, that a careless verifier calls a pass; and
// which of several fields and keys a signature is about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using crypto::PrivateKey;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Attack, ASecondSenderIsNotVerifiedWhereverItIs) {
  const std::string signature = sign(letter, key(), options());
  for (const std::string from : {"From: eve@example.org\r\n", "FROM : eve@example.org\r\n",
                                 "from:\r\n eve@example.org\r\n"}) {
    EXPECT_EQ(judge(joined({from, signature, letter})).reason, Reason::from_unsigned) << from;
    EXPECT_EQ(judge(joined({signature, from, letter})).reason, Reason::from_unsigned) << from;
    // Below the signed one it is the one that the signature is checked with.
    EXPECT_EQ(judge(joined({signature, letter_fields, from, "\r\n", letter_body})).reason,
              Reason::headers_altered)
        << from;
  }
}
TEST(Attack, ASenderSignedTwiceIsStillNotOne) {
  const std::string two = joined({"From: eve@example.org\r\n", letter});
  EXPECT_EQ(judge(signed_mail(two, options({"from", "from"}))).reason, Reason::from_unsigned);
}
TEST(Attack, ASecondDateOrSubjectIsAFlag) {
  EXPECT_THAT(judge("Date: Tue, 25 Apr 2017 10:00:00 +0200\r\n" + signed_mail()).flags,
              ElementsAre("extra-date"));
  EXPECT_THAT(judge("SUBJECT: Other\r\n" + signed_mail()).flags, ElementsAre("extra-subject"));
}
TEST(Attack, OfAnOversignedFieldASecondIsAltered) {
  const std::string message =
      signed_mail(letter, options({"from", "from", "subject", "subject", "date", "date"}));
  EXPECT_EQ(judge(message).status, Status::verified);
  EXPECT_THAT(judge(message).flags, ElementsAre("unsigned-to"));
  for (const char* extra : {"From: e@example.org\r\n", "Subject: Other\r\n", "Date: now\r\n"}) {
    EXPECT_EQ(judge(extra + message).reason, Reason::headers_altered) << extra;
  }
}
TEST(Attack, AnOversignedFieldThatIsAbsentCannotBeAdded) {
  const std::string message = signed_mail(letter, options({"from", "reply-to"}));
  EXPECT_EQ(judge(message).status, Status::verified);
  EXPECT_EQ(judge("Reply-To: eve@example.net\r\n" + message).reason, Reason::headers_altered);
}
TEST(Attack, WhatIsNotSignedIsSaid) {
  const Report report = judge(signed_mail(letter, options({"from"})));
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, ElementsAre("unsigned-date", "unsigned-subject", "unsigned-to"));
}

// RFC 6376 §5.4.2: instances are signed from the bottom of the header up.
TEST(Selection, OfSeveralFieldsTheLowestIsSigned) {
  const std::string two = joined({"Received: above\r\nReceived: below\r\n", letter});
  const std::string signature = sign(two, key(), options({"from", "received"}));
  const auto with = [&](std::string_view received) {
    return judge(joined({signature, received, letter}));
  };
  EXPECT_EQ(with("Received: above\r\nReceived: below\r\n").status, Status::verified);
  EXPECT_EQ(with("Received: other\r\nReceived: below\r\n").status, Status::verified);
  EXPECT_EQ(with("Received: above\r\nReceived: other\r\n").reason, Reason::headers_altered);
  EXPECT_EQ(with("Received: below\r\nReceived: above\r\n").reason, Reason::headers_altered);
}
TEST(Selection, OfSeveralFieldsSignedTheOrderCounts) {
  const std::string two = joined({"Received: above\r\nReceived: below\r\n", letter});
  const std::string signature = sign(two, key(), options({"from", "received", "received"}));
  const auto with = [&](std::string_view received) {
    return judge(joined({signature, received, letter}));
  };
  EXPECT_EQ(with("Received: new\r\nReceived: above\r\nReceived: below\r\n").status,
            Status::verified);
  EXPECT_EQ(with("Received: below\r\nReceived: above\r\n").reason, Reason::headers_altered);
}
// RFC 6376 §3.5, h=: "The field MUST NOT include the DKIM-Signature header field that is being
// created or verified but may include others."
TEST(Selection, ASignatureIsNotAFieldOfItself) {
  const std::string once = signed_mail();
  EXPECT_EQ(judge(signed_mail(letter, options({"from", "dkim-signature"}))).status,
            Status::verified);
  const std::string twice = signed_mail(once, options({"from", "dkim-signature"}));
  const Report report = judge(twice);
  ASSERT_EQ(report.signatures.size(), 2U);
  EXPECT_EQ(report.signatures[0].result, Outcome::pass);
  EXPECT_EQ(report.signatures[1].result, Outcome::pass);
  // A signature of signatures that were there fails when they are gone.
  EXPECT_EQ(judge(joined({twice.substr(0, twice.size() - once.size()), letter})).reason,
            Reason::headers_altered);
}

TEST(Identity, ADomainThatOnlyEndsAlikeIsForeign) {
  SigningOptions how = options();
  how.identity = "alice@evil-example.org";
  EXPECT_EQ(judge(signed_mail(letter, how)).reason, Reason::from_unsigned);
  how.identity = "alice@example.org.evil.example";
  EXPECT_EQ(judge(signed_mail(letter, how)).reason, Reason::from_unsigned);
  how.identity = "alice@org";
  EXPECT_EQ(judge(signed_mail(letter, how)).reason, Reason::from_unsigned);
  how.identity = "alice@MAIL.Example.org";
  EXPECT_EQ(judge(signed_mail(letter, how)).status, Status::verified);
}

TEST(Length, NothingSignedOfABodyIsPartial) {
  SigningOptions how = options();
  how.body_length = 0;
  EXPECT_EQ(judge(signed_mail(letter, how)).reason, Reason::partial_body);
  // Of an empty body, nothing is all ("relaxed", §3.4.4).
  EXPECT_EQ(judge(signed_mail(joined({letter_fields, "\r\n"}), how)).status, Status::verified);
}
// §3.5: l= "MUST NOT be larger than the actual number of octets in the canonicalized message body".
TEST(Length, MoreThanTheBodyIsAltered) {
  SigningOptions how = options();
  how.body_length = 26;
  EXPECT_EQ(judge(signed_mail(letter, how)).reason, Reason::body_altered);
}

TEST(Clock, WithoutATimeOfSigningItIsTheDateOfTheMail) {
  SigningOptions how = options();
  how.expiration = mail_time;
  EXPECT_THAT(judge(signed_mail(letter, how)).flags, IsEmpty());
  how.expiration = mail_time - 1;
  const Report report = judge(signed_mail(letter, how));
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, ElementsAre("expired"));
}

TEST(Keys, From512To1023BitsAreWeak) {
  for (const int bits : {512, 1023}) {
    const PrivateKey weak = PrivateKey::generate(crypto::KeyKind::rsa, bits);
    const Report report = judge(joined({sign(letter, weak, options()), letter}), record(weak));
    EXPECT_EQ(report.reason, Reason::weak_key) << bits;
    EXPECT_EQ(report.signatures.at(0).key_bits, bits);
  }
}
// A weak key proves no header: "body-altered" would say that the sender is proven.
TEST(Keys, AWeakOneAndAnotherBodyIsAltered) {
  EXPECT_EQ(
      judge(joined({sign(letter, weak_key(), options()), letter, "added\r\n"}), record(weak_key()))
          .reason,
      Reason::altered);
}
TEST(Keys, OneThatFitsIsUsedWhateverElseTheNameHas) {
  const std::string broken = "s1._domainkey.example.org. IN TXT \"v=DKIM1; p=noise\"\n";
  const std::string others = joined({revoked_record, broken, record(other_key())});
  EXPECT_EQ(judge(signed_mail(), others + record(key())).status, Status::verified);
  EXPECT_EQ(judge(signed_mail(), record(key()) + others).status, Status::verified);
  EXPECT_EQ(judge(signed_mail(), others).reason, Reason::headers_altered);
  EXPECT_EQ(judge(signed_mail(), joined({broken, revoked_record})).reason, Reason::key_revoked);
}
TEST(Keys, AFlawOfARecordThatDoesNotFitIsNoFlaw) {
  const std::string weak = record(weak_key(), "t=s:y; ");
  EXPECT_EQ(judge(signed_mail(), weak + record(key())).status, Status::verified);
  EXPECT_THAT(judge(signed_mail(), weak + record(key())).flags, Not(Contains("test-key")));
}
// RFC 6376 §6.1.2: a key of another hash or service is not to be used.
TEST(Keys, OneForAnotherHashOrServiceIsNone) {
  EXPECT_EQ(judge(signed_mail(), record(key(), "h=sha1; ")).reason, Reason::key_missing);
  EXPECT_EQ(judge(signed_mail(), record(key(), "s=tlsrpt; ")).reason, Reason::key_missing);
  EXPECT_EQ(judge(signed_mail(), record(key(), "h=sha1:sha256; ")).status, Status::verified);
}
TEST(Keys, ATestingKeyIsAFlag) {
  const Report report = judge(signed_mail(), record(key(), "t=y; "));
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, ElementsAre("test-key"));
}
TEST(Keys, Sha1IsAFlag) {
  SigningOptions how = options();
  how.digest = crypto::DigestKind::sha1;
  EXPECT_EQ(judge(signed_mail(letter, how)).status, Status::verified);
  EXPECT_THAT(judge(signed_mail(letter, how)).flags, ElementsAre("sha1"));
}

TEST(Body, MayLackItsLastLineEndOrBeEmpty) {
  for (const Canonicalization how : {Canonicalization::simple, Canonicalization::relaxed}) {
    SigningOptions with = options();
    with.body = how;
    EXPECT_EQ(judge(signed_mail(joined({letter_fields, "\r\nno end"}), with)).status,
              Status::verified);
    EXPECT_EQ(judge(signed_mail(joined({letter_fields, "\r\n"}), with)).status, Status::verified);
    // What is signed with a line end verifies without, and the reverse.
    EXPECT_EQ(
        judge(joined({sign(letter, key(), with), letter.substr(0, letter.size() - 2)})).status,
        Status::verified);
    EXPECT_EQ(judge(signed_mail(joined({letter_fields, "\r\n"}), with) + "\r\n\r\n").status,
              Status::verified);
  }
}
// The header may end with the message (RFC 5322 §3.5: the body is optional).
TEST(Body, MayBeMissing) { EXPECT_EQ(judge(signed_mail(letter_fields)).status, Status::verified); }

}  // namespace
}  // namespace leakfs::dkim
