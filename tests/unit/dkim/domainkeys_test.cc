// SPDX-License-Identifier: GPL-3.0-or-later
// DomainKeys (RFC 4870). What is hashed is written out here by hand, as §3.4.2 describes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

constexpr std::string_view nofws_fields =
    "From:Alice<alice@example.org>\r\n"
    "To:bob@example.net\r\n"
    "Subject:Budget\r\n"
    "Date:Mon,24Apr201710:22:05+0200\r\n";
constexpr std::string_view simple_tags = "a=rsa-sha1; q=dns; c=simple; d=example.org; s=s1";
constexpr std::string_view nofws_tags = "a=rsa-sha1; q=dns; c=nofws; d=example.org; s=s1";

// The field with the signature of what it is said to cover.
std::string field(std::string_view tags, std::string_view input,
                  const crypto::PrivateKey& signer = key()) {
  return joined({"DomainKey-Signature: ", tags,
                 ";\r\n\tb=", signature_of(input, crypto::DigestKind::sha1, signer), "\r\n"});
}
// Under "simple" the lines of a mail are what is hashed.
std::string simple_mail(std::string_view text = letter, std::string_view tags = simple_tags) {
  return joined({field(tags, text), text});
}
std::string nofws_mail() {
  return joined(
      {field(nofws_tags, joined({nofws_fields, "\r\nFirstline\r\nSecondline\r\n"})), letter});
}

TEST(DomainKeys, ASignatureOfTheWholeMailVerifies) {
  const Report report = judge(simple_mail());
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.domains, ElementsAre("example.org"));
  EXPECT_THAT(report.flags, ElementsAre("sha1"));
  ASSERT_EQ(report.signatures.size(), 1U);
  const SignatureReport& signature = report.signatures[0];
  EXPECT_EQ(signature.facts.kind, SignatureKind::domainkeys);
  EXPECT_EQ(signature.facts.algorithm, "rsa-sha1");
  EXPECT_EQ(signature.facts.canonicalization, "simple");
  EXPECT_EQ(signature.facts.body_hash, BodyHash::none);
  EXPECT_EQ(signature.result, Outcome::pass);
  EXPECT_THAT(signature.facts.fields, ElementsAre("from", "to", "subject", "date"));
}
TEST(DomainKeys, WithoutFoldingWhiteSpaceVerifies) {
  const Report report = judge(nofws_mail());
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_EQ(report.signatures.at(0).facts.canonicalization, "nofws");
}
TEST(DomainKeys, HaveDefaultsForAlgorithmAndCanonicalization) {
  EXPECT_EQ(judge(simple_mail(letter, "d=example.org; s=s1")).status, Status::verified);
}
// The body is hashed along, so nobody can say which of the two was changed.
TEST(DomainKeys, AChangedMailIsAltered) {
  for (const std::string& message : {simple_mail(), nofws_mail()}) {
    for (const std::string_view word : {"Alice", "Budget", "Second", "Date: Mon"}) {
      const Report report = judge(replaced(message, word, "Other"));
      EXPECT_EQ(report.status, Status::unverified) << word;
      EXPECT_EQ(report.reason, Reason::altered) << word;
      EXPECT_EQ(report.signatures.at(0).result, Outcome::fail);
    }
    EXPECT_EQ(judge(message + "more\r\n").reason, Reason::altered);
  }
}
TEST(DomainKeys, SimpleForgivesNoBlankAndNofwsAll) {
  const auto reason_with = [](const std::string& message, std::string_view what,
                              std::string_view with) {
    return judge(replaced(message, what, with)).reason;
  };
  for (const auto& [what, with] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"To: bob", "To:  bob"},
           {"Subject: Budget", "Subject:\r\n\tBudget"},
           {"Mon, 24 Apr", "Mon,24  Apr"},
           {"First line", "First  line"},
           {"First line", "Firstline \t"},
           {"Second line", " Second line"}}) {
    EXPECT_EQ(reason_with(simple_mail(), what, with), Reason::altered) << with;
    EXPECT_EQ(reason_with(nofws_mail(), what, with), Reason::none) << with;
  }
  // A line end is no white space of the body, and a name keeps its case.
  EXPECT_EQ(reason_with(nofws_mail(), "First line", "First\r\nline"), Reason::altered);
  EXPECT_EQ(reason_with(nofws_mail(), "Subject", "SUBJECT"), Reason::altered);
}

struct Body {
  std::string_view body;
  std::string_view hashed;  // behind the fields
};
// §3.4.2.1: "If the body consists entirely of empty lines, then the header/body line is similarly
// ignored."
TEST(DomainKeys, EmptyLinesAtTheEndDoNotCount) {
  for (const Body& body : std::vector<Body>{{"", ""},
                                            {"\r\n", ""},
                                            {"\r\n\r\n\r\n", ""},
                                            {"a\r\n\r\n\r\n", "\r\na\r\n"},
                                            {"a", "\r\na\r\n"},
                                            {"\r\na\r\n", "\r\n\r\na\r\n"},
                                            {" \r\n", "\r\n \r\n"},
                                            {"a\r\n \r\n\r\n", "\r\na\r\n \r\n"}}) {
    const std::string signature = field(simple_tags, joined({letter_fields, body.hashed}));
    EXPECT_EQ(judge(joined({signature, letter_fields, "\r\n", body.body})).status, Status::verified)
        << testing::PrintToString(body.body);
  }
  EXPECT_EQ(judge(joined({field(simple_tags, letter_fields), letter_fields})).status,
            Status::verified);
}
// §3.4.2.2: "the test for an empty line occurs after removing all folding whitespace characters".
TEST(DomainKeys, LinesOfBlanksAreEmptyUnderNofws) {
  for (const Body& body : std::vector<Body>{{"", ""},
                                            {" \r\n\t\r\n", ""},
                                            {"a\r\n \r\n\t\r\n", "\r\na\r\n"},
                                            {"a b\r\n \t\r\nc", "\r\nab\r\n\r\nc\r\n"},
                                            {" \r\na\r\n", "\r\n\r\na\r\n"},
                                            {"a\rb\r\n", "\r\nab\r\n"}}) {
    const std::string signature = field(nofws_tags, joined({nofws_fields, body.hashed}));
    EXPECT_EQ(judge(joined({signature, letter_fields, "\r\n", body.body})).status, Status::verified)
        << testing::PrintToString(body.body);
  }
}

// §3.3, h=: "the complete list of headers in the order presented to the signing algorithm".
TEST(DomainKeysList, NamesFieldsAndTheirOrder) {
  constexpr std::string_view tags = "a=rsa-sha1; q=dns; d=example.org; s=s1; h=Subject:From:X-None";
  constexpr std::string_view from = "From: Alice <alice@example.org>\r\n";
  constexpr std::string_view subject = "Subject: Budget\r\n";
  const std::string input = joined({subject, from, "\r\n", letter_body});
  const std::string message = joined({field(tags, input), letter});
  const Report report = judge(message);
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, ElementsAre("sha1", "unsigned-date", "unsigned-to"));
  EXPECT_THAT(report.signatures.at(0).facts.fields, ElementsAre("subject", "from"));
  EXPECT_EQ(judge(replaced(message, "bob", "eve")).status, Status::verified);
  EXPECT_EQ(judge(replaced(message, "Budget", "Gadget")).reason, Reason::altered);
  EXPECT_EQ(
      judge(joined({field(tags, joined({from, subject, "\r\n", letter_body})), letter})).reason,
      Reason::altered);
}
TEST(DomainKeysList, WithoutFromIsUnsigned) {
  constexpr std::string_view tags = "a=rsa-sha1; q=dns; d=example.org; s=s1; h=Subject";
  const std::string input = joined({"Subject: Budget\r\n\r\n", letter_body});
  EXPECT_EQ(judge(joined({field(tags, input), letter})).reason, Reason::from_unsigned);
}
// "a verifier must include all occurrences of that header"; one named again stands for the lowest.
TEST(DomainKeysList, OfARepeatedFieldCoversAll) {
  const std::string text = joined({"Received: 1\r\nReceived: 2\r\nReceived: 3\r\n", letter});
  constexpr std::string_view from = "From: Alice <alice@example.org>\r\n";
  struct Case {
    std::string_view names;
    std::string_view before;  // From, which is named as well
    std::string_view behind;
  };
  for (const Case& list : std::vector<Case>{
           {"received:from", "Received: 1\r\nReceived: 2\r\nReceived: 3\r\n", ""},
           {"received:from:received", "Received: 1\r\nReceived: 2\r\n", "Received: 3\r\n"},
           {"received:from:received:received", "Received: 1\r\n", "Received: 2\r\nReceived: 3\r\n"},
           {"received:received:received:from:received", "Received: 1\r\nReceived: 2\r\n",
            "Received: 3\r\n"}}) {
    const std::string input = joined({list.before, from, list.behind, "\r\n", letter_body});
    const std::string signature =
        field(joined({"a=rsa-sha1; d=example.org; s=s1; h=", list.names}), input);
    const std::string message = joined({signature, text});
    EXPECT_EQ(judge(message).status, Status::verified) << list.names;
    EXPECT_EQ(judge("Received: 0\r\n" + message).status, Status::verified) << list.names;
    EXPECT_EQ(judge(joined({signature, "Received: 0\r\n", text})).reason, Reason::altered);
    EXPECT_EQ(judge(replaced(message, "Received: 2", "Received: x")).reason, Reason::altered);
    EXPECT_EQ(judge(replaced(message, "Received: 2\r\n", "")).reason, Reason::altered);
  }
}

TEST(DomainKeysPlace, FieldsAboveAreNotCovered) {
  const std::string message = simple_mail();
  EXPECT_EQ(judge("Received: from there\r\n" + message).status, Status::verified);
  EXPECT_THAT(judge("Subject: Other\r\n" + message).flags, ElementsAre("extra-subject", "sha1"));
  EXPECT_EQ(judge("From: eve@example.org\r\n" + message).reason, Reason::from_unsigned);
  // Below they are.
  EXPECT_EQ(judge(replaced(message, "From: ", "Received: here\r\nFrom: ")).reason, Reason::altered);
}
TEST(DomainKeysPlace, WhatIsOnlyAboveIsUnsigned) {
  constexpr std::string_view from = "From: Alice <alice@example.org>\r\n";
  const std::string_view rest = letter.substr(from.size());
  EXPECT_EQ(judge(joined({from, field(simple_tags, rest), rest})).reason, Reason::from_unsigned);
  const std::string text = replaced(letter, "Subject: Budget\r\n", "");
  EXPECT_THAT(judge("Subject: Budget\r\n" + simple_mail(text)).flags,
              ElementsAre("sha1", "unsigned-subject"));
}
TEST(DomainKeysPlace, AnotherSignatureBelowIsAFieldLikeAny) {
  const std::string once = simple_mail();
  const Report report = judge(simple_mail(once));
  ASSERT_EQ(report.signatures.size(), 2U);
  EXPECT_EQ(report.signatures[0].result, Outcome::pass);
  EXPECT_EQ(report.signatures[1].result, Outcome::pass);
  EXPECT_THAT(report.domains, ElementsAre("example.org"));
}

struct Sending {
  std::string_view who;  // fields
  std::string_view domain;
  Reason reason;
  bool is_aligned = true;
};
// §3.3, d=: the domain of the sending address, or a parent of it. It is Sender's, else From's.
TEST(DomainKeysSender, IsOfTheSigningDomain) {
  for (const Sending& sending : std::vector<Sending>{
           {"From: alice@example.org\r\n", "example.org", Reason::none},
           {"From: alice@EXAMPLE.Org\r\n", "example.ORG", Reason::none},
           {"From: alice@mail.example.org\r\n", "example.org", Reason::none},
           {"From: alice@example.org\r\n", "mail.example.org", Reason::from_unsigned},
           {"From: alice@notexample.org\r\n", "example.org", Reason::from_unsigned, false},
           {"From: alice@example.org.example.net\r\n", "example.org", Reason::from_unsigned, false},
           {"From: Alice\r\n", "example.org", Reason::from_unsigned, false},
           {"From: alice@example.net\r\nSender: list@example.org\r\n", "example.org", Reason::none,
            false},
           {"Sender: list@a.example.org\r\nFrom: alice@example.net\r\n", "example.org",
            Reason::none, false},
           {"From: alice@example.org\r\nSender: eve@example.net\r\n", "example.org",
            Reason::from_unsigned},
           {"From: alice@example.org, bob@example.net\r\n", "example.org", Reason::none, false},
           {"From: bob@example.net, alice@example.org\r\n", "example.org", Reason::from_unsigned,
            false}}) {
    const std::string text = joined({sending.who, "Subject: x\r\n\r\ntext\r\n"});
    const std::string tags = joined({"a=rsa-sha1; q=dns; s=s1; d=", sending.domain});
    const Report report = judge(joined({field(tags, text), text}),
                                replaced(record(key()), "example.org", sending.domain));
    EXPECT_EQ(report.reason, sending.reason) << sending.who << sending.domain;
    EXPECT_EQ(report.signatures.at(0).header_signature, HeaderSignature::ok);
    EXPECT_THAT(report.flags, sending.is_aligned ? Not(Contains("unaligned"))
                                                 : testing::Matcher<std::vector<std::string>>(
                                                       Contains("unaligned")));
  }
}
TEST(DomainKeysSender, ThatIsNotSignedProvesNothing) {
  constexpr std::string_view tags = "a=rsa-sha1; q=dns; d=example.org; s=s1; h=From";
  constexpr std::string_view from = "From: boss@example.com\r\n";
  const std::string text = joined({"Sender: eve@example.org\r\n", from, "\r\ntext\r\n"});
  EXPECT_EQ(judge(joined({field(tags, joined({from, "\r\ntext\r\n"})), text})).reason,
            Reason::from_unsigned);
}

TEST(DomainKeysTags, OfAnotherKindAreMalformed) {
  for (const std::string_view tags :
       {"a=rsa-sha256; d=example.org; s=s1", "a=ed25519-sha256; d=example.org; s=s1",
        "a=rsa-md5; d=example.org; s=s1", "c=relaxed; d=example.org; s=s1",
        "c=nofws/nofws; d=example.org; s=s1", "q=http; d=example.org; s=s1", "d=example.org",
        "s=s1", "d=; s=s1", "d=example.org; s=", "d=example.org; d=example.org; s=s1", "d s1"}) {
    const Report report = judge(simple_mail(letter, tags));
    EXPECT_EQ(report.reason, Reason::malformed) << tags;
    EXPECT_EQ(report.signatures.at(0).result, Outcome::permerror) << tags;
  }
  for (const std::string_view data : {"", "*", "a", "abcd="}) {
    const std::string text =
        joined({"DomainKey-Signature: ", simple_tags, "; b=", data, "\r\n", letter});
    EXPECT_EQ(judge(text).reason, Reason::malformed) << data;
  }
}

TEST(DomainKeysKey, DecidesWhatCanBeSaid) {
  const std::string compromised = record_text(key()) + " ; compromised-since=2020-01-01\n";
  for (const auto& [zone, reason, result] : std::vector<std::tuple<std::string, Reason, Outcome>>{
           {"", Reason::key_missing, Outcome::neutral},
           {std::string(revoked_record), Reason::key_revoked, Outcome::permerror},
           {record(other_key()), Reason::altered, Outcome::fail},
           {record(key(), "h=sha256; "), Reason::key_missing, Outcome::permerror},
           {record(key(), "h=sha1; "), Reason::none, Outcome::pass},
           {replaced(record(key()), "v=DKIM1; ", "k=rsa; t=n; "), Reason::none, Outcome::pass},
           {compromised, Reason::key_compromised, Outcome::policy}}) {
    const Report report = judge(simple_mail(), zone);
    EXPECT_EQ(report.reason, reason) << zone;
    EXPECT_EQ(report.signatures.at(0).result, result) << zone;
  }
  const std::string weak = joined({field(simple_tags, letter, weak_key()), letter});
  EXPECT_EQ(judge(weak, record(weak_key())).reason, Reason::weak_key);
  EXPECT_THAT(judge(simple_mail(), record(key(), "t=y; ")).flags, ElementsAre("sha1", "test-key"));
}

TEST(DomainKeys, StandBesideDkim) {
  const std::string domainkeys = simple_mail();
  const Report both = judge(signed_mail(domainkeys));
  EXPECT_EQ(both.status, Status::verified);
  EXPECT_THAT(both.flags, ElementsAre("sha1"));
  const Report broken = judge("DKIM-Signature: v=1\r\n" + domainkeys);
  EXPECT_EQ(broken.status, Status::verified);
  EXPECT_EQ(broken.signatures.at(0).reason, Reason::malformed);
}

constexpr std::string_view mailman =
    "_______________________________________________\r\nBudget mailing list\r\n";

TEST(DomainKeysRepair, IsOfTheBodyAlongWithTheHeader) {
  std::string lf = "From alice@example.org Mon Apr 24 08:22:05 2017\n" + simple_mail();
  std::erase(lf, '\r');
  EXPECT_THAT(judge(lf).flags, ElementsAre("repaired:from-line", "repaired:lf", "sha1"));
  EXPECT_EQ(judge(lf).status, Status::verified);
  for (const std::string& message : {simple_mail(), nofws_mail()}) {
    const std::string footer = joined({message, mailman});
    EXPECT_EQ(judge(footer).status, Status::verified);
    EXPECT_THAT(judge(footer).flags, ElementsAre("repaired:footer", "sha1"));
    EXPECT_EQ(judge(replaced(footer, "Second", "Third")).reason, Reason::altered);
    EXPECT_EQ(judge(replaced(footer, "Budget", "Gadget")).reason, Reason::altered);
  }
}
TEST(DomainKeysRepair, IsOfTheHeaderIfTheBodyIsAscii) {
  for (const auto& [sent, stored, flag] :
       std::vector<std::tuple<std::string_view, std::string_view, std::string_view>>{
           {"Pr\xe9visions", "Prévisions", "repaired:latin-1"},
           {"Prévisions", "Pr\xe9visions", "repaired:utf-8"}}) {
    const std::string message = simple_mail(replaced(letter, "Budget", sent));
    EXPECT_EQ(judge(message).status, Status::verified);
    const Report report = judge(replaced(message, sent, stored));
    EXPECT_EQ(report.status, Status::verified) << flag;
    EXPECT_THAT(report.flags, ElementsAre(flag, "sha1"));
    EXPECT_EQ(judge(replaced(message, sent, "Prevision")).reason, Reason::altered);
  }
}
TEST(DomainKeysRepair, DoesNotTakeAFooterForAnEmptyBody) {
  const std::string empty = joined({field(simple_tags, letter_fields), letter_fields, "\r\n"});
  EXPECT_EQ(judge(empty).status, Status::verified);
  EXPECT_EQ(judge(joined({empty, mailman})).reason, Reason::altered);
}

}  // namespace
}  // namespace leakfs::dkim
