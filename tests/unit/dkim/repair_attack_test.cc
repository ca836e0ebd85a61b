// SPDX-License-Identifier: GPL-3.0-or-later
// What looks like the trace of an export and is none: a repair must not excuse it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/dkim/fields.h"
#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view mailman =
    "_______________________________________________\r\nBudget mailing list\r\n";

std::string letter_of(std::string_view body) { return joined({letter_fields, "\r\n", body}); }

SigningOptions with_bodies(Canonicalization how) {
  SigningOptions with = options();
  with.body = how;
  return with;
}
constexpr auto both_ways = {Canonicalization::simple, Canonicalization::relaxed};

// Names once more than the fields that there are.
SigningOptions oversigning(std::vector<std::string> more) {
  SigningOptions how = options();
  how.fields.insert(how.fields.end(), more.begin(), more.end());
  return how;
}

TEST(FieldsOnTop, WithWhatAReaderTrustsAreNoExport) {
  for (const std::string_view name : trusted_fields) {
    const std::string message = signed_mail(letter, oversigning({std::string(name), "list-id"}));
    EXPECT_EQ(judge(message).status, Status::verified) << name;
    const std::string trusted = joined({name, ": eve@example.net\r\n"});
    EXPECT_EQ(judge(trusted + message).reason, Reason::headers_altered) << name;
    EXPECT_EQ(judge(joined({"List-Id: <a>\r\n", trusted, message})).reason, Reason::headers_altered)
        << name;
    EXPECT_EQ(judge(joined({trusted, "List-Id: <a>\r\n", message})).reason, Reason::headers_altered)
        << name;
  }
}
TEST(FieldsOnTop, DoNotExcuseASecondSender) {
  const std::string message = signed_mail(letter, oversigning({"list-id"}));
  const Report report = judge(joined({"From: eve@example.org\r\nList-Id: <a>\r\n", message}));
  EXPECT_EQ(report.reason, Reason::from_unsigned);
  EXPECT_THAT(report.domains, IsEmpty());
}
TEST(FieldsOnTop, DoNotHideThatASecondSubjectIsUnsigned) {
  const std::string message = signed_mail(letter, oversigning({"list-id"}));
  const Report report = judge(joined({"Subject: Other\r\nList-Id: <a>\r\n", message}));
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, ElementsAre("extra-subject", "repaired:fields-on-top"));
}
TEST(FieldsOnTop, AreAboveTheSignatureAndNotBelow) {
  const SigningOptions how = oversigning({"list-id"});
  const std::string signature = sign(letter, key(), how);
  for (const std::string_view below : {"List-Id: <a>\r\n", "list-id :<a>\r\n"}) {
    EXPECT_EQ(judge(joined({signature, below, letter})).reason, Reason::headers_altered);
    EXPECT_EQ(judge(joined({signature, letter_fields, below, "\r\n", letter_body})).reason,
              Reason::headers_altered);
  }
}
TEST(FieldsOnTop, DoNotReplaceASignedOne) {
  const std::string text = joined({"List-Id: <signed>\r\n", letter});
  const std::string signature = sign(text, key(), oversigning({"list-id"}));
  EXPECT_EQ(judge(joined({"List-Id: <signed>\r\n", signature, letter})).status, Status::verified);
  EXPECT_EQ(judge(joined({"List-Id: <other>\r\n", signature, letter})).reason,
            Reason::headers_altered);
  EXPECT_EQ(judge(joined({signature, letter})).reason, Reason::headers_altered);
}

TEST(Footer, BelowAnEmptyBodyIsTheWholeBody) {
  for (const Canonicalization how : both_ways) {
    for (const std::string_view body : {"", "\r\n", "\r\n\r\n", " \r\n\t\r\n"}) {
      const std::string message = signed_mail(letter_of(body), with_bodies(how));
      EXPECT_EQ(judge(message).status, Status::verified);
      EXPECT_EQ(judge(joined({message, mailman})).reason, Reason::body_altered);
      EXPECT_EQ(judge(joined({message, "\r\n-- \r\nPay at once\r\n"})).reason,
                Reason::body_altered);
    }
  }
}
TEST(Footer, WithoutAMarkerIsText) {
  for (const Canonicalization how : both_ways) {
    const std::string message = signed_mail(letter, with_bodies(how));
    for (const std::string_view footer :
         {"Budget mailing list\r\n", "\r\n\r\nBudget mailing list\r\n", "---------\r\nlist\r\n",
          "-- list\r\n", " -- \r\nlist\r\n", "> ----------\r\nlist\r\n", "list ----------\r\n"}) {
      EXPECT_EQ(judge(joined({message, footer})).reason, Reason::body_altered) << footer;
    }
  }
}
TEST(Footer, DoesNotExcuseAnotherTextAboveIt) {
  for (const Canonicalization how : both_ways) {
    const std::string message = joined({signed_mail(letter, with_bodies(how)), mailman});
    EXPECT_EQ(judge(replaced(message, "First", "Last")).reason, Reason::body_altered);
    EXPECT_EQ(judge(replaced(message, "First line\r\n", "")).reason, Reason::body_altered);
    EXPECT_EQ(judge(replaced(message, "First", "More\r\nFirst")).reason, Reason::body_altered);
    EXPECT_EQ(judge(replaced(message, "____", "More\r\n____")).reason, Reason::body_altered);
  }
}
TEST(Footer, IsNotTakenForTheSendersOwn) {
  const std::string message = signed_mail(letter_of("Hello\r\n-- \r\nAlice\r\n"));
  EXPECT_EQ(judge(replaced(message, "\r\nAlice\r\n", "\r\nEve\r\n")).reason, Reason::body_altered);
  EXPECT_EQ(judge(replaced(message, "-- \r\nAlice\r\n", "")).reason, Reason::body_altered);
}
TEST(Footer, IsShort) {
  const std::string marker = "-- \r\n";
  const std::string message = signed_mail();
  EXPECT_EQ(judge(message + marker + std::string(8192 - marker.size(), 'x')).status,
            Status::verified);
  EXPECT_EQ(judge(message + marker + std::string(8193 - marker.size(), 'x')).reason,
            Reason::body_altered);
}
TEST(Footer, HasAtMostFourMarkers) {
  const std::string marker = "-- \r\nlist\r\n";
  const std::string four = joined({signed_mail(), marker, marker, marker, marker});
  EXPECT_EQ(judge(four).status, Status::verified);
  EXPECT_THAT(judge(four).flags, ElementsAre("repaired:footer"));
  EXPECT_EQ(judge(four + marker).reason, Reason::body_altered);
}
TEST(Footer, IsNotCalledAPartOfWhatWasSigned) {
  const std::string words =
      "yes, by example.org (dkim, selector s1, rsa-sha256, 1024 bits): From, To, Date, Subject "
      "and ";
  EXPECT_EQ(verified_line(judge(signed_mail()), "alice@example.org"), words + "the whole body");
  EXPECT_EQ(verified_line(judge(joined({signed_mail(), mailman})), "alice@example.org"),
            words + "the body above a footer that was added");
}
// l= leaves the end to anybody, and then nobody can say that it is a footer.
TEST(Footer, BehindALengthIsPartial) {
  for (const Canonicalization how : both_ways) {
    SigningOptions with = with_bodies(how);
    for (const std::uint64_t length : {letter_body.size(), std::size_t{12}, std::size_t{0}}) {
      with.body_length = length;
      const Report report = judge(joined({signed_mail(letter, with), mailman}));
      EXPECT_EQ(report.reason, Reason::partial_body) << length;
      EXPECT_THAT(report.flags, IsEmpty());
    }
  }
}
TEST(Footer, IsNotFoundForALengthThatIsTooLarge) {
  SigningOptions with = options();
  with.body_length = letter_body.size() + mailman.size();
  const std::string text = joined({letter, mailman});
  EXPECT_EQ(judge(signed_mail(text, with)).status, Status::verified);
  EXPECT_EQ(judge(joined({sign(text, key(), with), letter})).reason, Reason::body_altered);
  with.body_length = letter_body.size() + 1;
  EXPECT_EQ(judge(joined({sign(letter, key(), with), text})).reason, Reason::body_altered);
}

TEST(LeadingLine, IsOneLineAndEmpty) {
  const std::string message = signed_mail();
  const auto with = [&](std::string_view line) {
    return judge(replaced(message, "\r\n\r\n", joined({"\r\n\r\n", line})));
  };
  EXPECT_EQ(with("\r\n").status, Status::verified);
  for (const std::string_view line : {"\r\n\r\n", "x\r\n", "\r\nx\r\n", ".\r\n"}) {
    EXPECT_EQ(with(line).reason, Reason::body_altered) << line;
  }
}
// Two lines that are no field start the body, so text above it is not read as junk.
TEST(Junk, OfTwoLinesIsABody) {
  const std::string message = signed_mail();
  const Report one = judge(replaced(message, "To: ", "Pay eve\r\nTo: "));
  EXPECT_EQ(one.status, Status::verified);
  EXPECT_THAT(one.flags, ElementsAre("repaired:junk"));
  EXPECT_EQ(judge(replaced(message, "To: ", "Pay eve\r\nat once\r\nTo: ")).status,
            Status::unverified);
  EXPECT_EQ(judge(replaced(message, "\r\n\r\n", "\r\nPay eve\r\nat once\r\n\r\n")).status,
            Status::unverified);
}
TEST(Quoting, OfSomeLinesOnlyIsAnotherText) {
  const std::string from = signed_mail(letter_of("From a\r\n>From b\r\n"));
  EXPECT_EQ(judge(replaced(from, "\r\n\r\nFrom a", "\r\n\r\n>From a")).reason,
            Reason::body_altered);
  EXPECT_EQ(judge(replaced(from, ">From b", "From b")).reason, Reason::body_altered);
  const std::string dots = signed_mail(letter_of(".a\r\n..b\r\n"));
  EXPECT_EQ(judge(replaced(dots, ".a", "..a")).reason, Reason::body_altered);
  EXPECT_EQ(judge(replaced(dots, "..b", ".b")).reason, Reason::body_altered);
}
TEST(Meta, ThatIsAnotherOrASecondIsText) {
  constexpr std::string_view meta = "<meta http-equiv=\"Content-Type\" content=\"a\">\r\n";
  const std::string message = signed_mail(letter_of("<head>\r\n</head>\r\n"));
  const auto with = [&](std::string_view added) {
    return judge(replaced(message, "</head>", joined({added, "</head>"})));
  };
  EXPECT_EQ(with(meta).status, Status::verified);
  EXPECT_EQ(with(joined({meta, meta})).reason, Reason::body_altered);
  EXPECT_EQ(with("<meta http-equiv=\"Refresh\" content=\"0; url=x\">\r\n").reason,
            Reason::body_altered);
  EXPECT_EQ(with(joined({meta, "<p>Pay eve</p>\r\n"})).reason, Reason::body_altered);
}
TEST(Transcoding, DoesNotExcuseAnotherCharacter) {
  const std::string message = signed_mail(letter_of("5 €, déjà payés\r\n"));
  EXPECT_EQ(judge(utf8_to_latin1(message).value()).status, Status::verified);
  EXPECT_EQ(judge(utf8_to_latin1(replaced(message, "5 €", "5 £")).value()).reason,
            Reason::body_altered);
  EXPECT_EQ(judge(replaced(message, "€", "?")).reason, Reason::body_altered);
}

TEST(Repair, WithoutAKeyIsSaidOfABodyThatFits) {
  const Report report = judge(joined({signed_mail(), mailman}), "");
  EXPECT_EQ(report.reason, Reason::key_missing);
  EXPECT_EQ(report.signatures.at(0).facts.body_hash, BodyHash::ok);
  EXPECT_THAT(report.flags, ElementsAre("repaired:footer"));
}
TEST(Repair, OfABodyDoesNotExcuseAFieldOrAKey) {
  const std::string message = joined({signed_mail(), mailman});
  EXPECT_EQ(judge(replaced(message, "Budget", "Gadget")).reason, Reason::headers_altered);
  EXPECT_EQ(judge(message, record(other_key())).reason, Reason::headers_altered);
  EXPECT_EQ(
      judge(joined({sign(letter, weak_key(), options()), letter, mailman}), record(weak_key()))
          .reason,
      Reason::weak_key);
}
TEST(Repair, ThatHelpedNobodyIsNoFlag) {
  const Report report =
      judge(joined({"\r\n", signed_mail(), "more\r\n", mailman}), record(other_key()));
  EXPECT_EQ(report.reason, Reason::altered);
  EXPECT_THAT(report.flags, IsEmpty());
}
// A message with one signature that fits as it is needs no excuse for the others.
TEST(Repair, OfAnotherSignatureIsNotSaidOfAVerifiedMessage) {
  const std::string once = signed_mail();
  const std::string forwarded = joined({once, mailman});
  const Report report = judge(signed_mail(forwarded));
  EXPECT_EQ(report.status, Status::verified);
  ASSERT_EQ(report.signatures.size(), 2U);
  EXPECT_THAT(report.signatures[0].flags, IsEmpty());
  EXPECT_THAT(report.signatures[1].flags, Contains("repaired:footer"));
}

}  // namespace
}  // namespace leakfs::dkim
