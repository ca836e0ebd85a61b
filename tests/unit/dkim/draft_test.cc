// SPDX-License-Identifier: GPL-3.0-or-later
// DKIM as it was before RFC 4871. The first draft (draft-allman-dkim-base-00) has neither v= nor
// bh=: fields, an empty line, the body, an empty line and the field itself are hashed at once. The
// later ones have v=0.x and bh=, and hash as RFC 4871 does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view names = "d=example.org; s=s1; h=from:to:subject:date";
constexpr std::string_view relaxed_fields =
    "from:Alice <alice@example.org>\r\n"
    "to:bob@example.net\r\n"
    "subject:Budget\r\n"
    "date:Mon, 24 Apr 2017 10:22:05 +0200\r\n";
constexpr std::string_view mailman =
    "_______________________________________________\r\nBudget mailing list\r\n";

std::string field_with(std::string_view start, std::string_view input, crypto::DigestKind digest) {
  return joined({start, signature_of(input, digest), "\r\n"});
}

// The field of the first draft under "simple", of a canonical body.
std::string first_draft(std::string_view tags, std::string_view fields, std::string_view body,
                        crypto::DigestKind digest = crypto::DigestKind::sha256) {
  const std::string start = joined({"DKIM-Signature: ", tags, "; b="});
  return field_with(start, joined({fields, "\r\n", body, "\r\n", start}), digest);
}
std::string first_draft_mail(const std::string& more_tags = "") {
  const std::string tags = joined({"a=rsa-sha256; ", names, more_tags});
  return joined({first_draft(tags, letter_fields, letter_body), letter});
}

// The field with v= and bh= as given, of the letter, under "simple".
std::string with_hash(std::string_view version, std::string_view hashed = letter_body) {
  const std::string hash = mail::encode_base64(crypto::sha256(hashed).bytes());
  const std::string start =
      joined({"DKIM-Signature: ", version, " a=rsa-sha256; q=dns; ", names, "; bh=", hash, "; b="});
  return field_with(start, joined({letter_fields, start}), crypto::DigestKind::sha256);
}

TEST(FirstDraft, HashesHeaderAndBodyAtOnce) {
  const Report report = judge(first_draft_mail());
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.domains, ElementsAre("example.org"));
  EXPECT_THAT(report.flags, ElementsAre("draft"));
  const SignatureReport& signature = report.signatures.at(0);
  EXPECT_EQ(signature.facts.kind, SignatureKind::dkim);
  EXPECT_EQ(signature.facts.body_hash, BodyHash::none);
  EXPECT_EQ(signature.facts.canonicalization, "simple/simple");
  EXPECT_EQ(signature.result, Outcome::pass);
}
TEST(FirstDraft, WithSha1Verifies) {
  const std::string field = first_draft(joined({"a=rsa-sha1; ", names}), letter_fields, letter_body,
                                        crypto::DigestKind::sha1);
  EXPECT_THAT(judge(joined({field, letter})).flags, ElementsAre("draft", "sha1"));
  EXPECT_EQ(judge(joined({field, letter})).status, Status::verified);
}
TEST(FirstDraft, AChangedMailIsAltered) {
  const std::string message = first_draft_mail();
  for (const std::string_view word :
       {"Alice ", "bob@", "Budget\r", "First ", "s=s1; h", "Date: Mon"}) {
    EXPECT_EQ(judge(replaced(message, word, "s=s1;  h")).reason, Reason::altered) << word;
  }
  EXPECT_EQ(judge(message + "more\r\n").reason, Reason::altered);
  EXPECT_EQ(judge(replaced(message, "Second line\r\n", "")).reason, Reason::altered);
}
TEST(FirstDraft, IsCanonicalAsRelaxedAndSimpleAre) {
  struct Case {
    std::string_view canonicalization;
    std::string_view body;
  };
  constexpr std::string_view text = "First  line \r\n\r\nSecond line\r\n\r\n";
  for (const Case& how :
       std::vector<Case>{{"c=relaxed/relaxed", "First line\r\n\r\nSecond line\r\n"},
                         {"c=relaxed/simple", "First  line \r\n\r\nSecond line\r\n"},
                         {"c=relaxed", "First  line \r\n\r\nSecond line\r\n"}}) {
    const std::string tags = joined({"a=rsa-sha256; ", how.canonicalization, "; ", names});
    const std::string input =
        joined({relaxed_fields, "\r\n", how.body, "\r\ndkim-signature:", tags, "; b="});
    const std::string field = field_with(joined({"DKIM-Signature:  ", tags, ";\r\n\tb="}), input,
                                         crypto::DigestKind::sha256);
    const std::string message =
        joined({field, replaced(letter_fields, "Subject: ", "SUBJECT:  "), "\r\n", text});
    EXPECT_EQ(judge(message).status, Status::verified) << how.canonicalization;
  }
  // Under "relaxed" an empty body is nothing.
  const std::string tags = joined({"a=rsa-sha256; c=simple/relaxed; ", names});
  EXPECT_EQ(judge(joined({first_draft(tags, letter_fields, ""), letter_fields, "\r\n"})).status,
            Status::verified);
}

TEST(FirstDraft, TextBehindItsLengthIsNotSigned) {
  const auto of_length = [](std::size_t length) {
    const std::string tags = joined({"a=rsa-sha256; ", names, "; l=", std::to_string(length)});
    return first_draft(tags, letter_fields, letter_body.substr(0, length));
  };
  EXPECT_EQ(judge(joined({of_length(25), letter})).status, Status::verified);
  EXPECT_EQ(judge(joined({of_length(25), letter, "\r\n\r\n"})).status, Status::verified);
  EXPECT_EQ(judge(joined({of_length(25), letter, "more\r\n"})).reason, Reason::partial_body);
  EXPECT_EQ(judge(joined({of_length(25), letter, mailman})).reason, Reason::partial_body);
  EXPECT_EQ(judge(joined({of_length(12), letter})).reason, Reason::partial_body);
  EXPECT_EQ(judge(joined({of_length(0), letter})).reason, Reason::partial_body);
  EXPECT_EQ(judge(replaced(joined({of_length(12), letter}), "First", "Other")).reason,
            Reason::altered);
}
// UTF-8 that became Latin-1 is shorter: what was put behind it must not fill the length up.
TEST(FirstDraft, TextBehindItsLengthIsNotSignedInARepairedBody) {
  constexpr std::string_view text = "éééé\r\n";  // 10 bytes, in Latin-1 6
  const std::string field =
      first_draft(joined({"a=rsa-sha256; ", names, "; l=10"}), letter_fields, text);
  const std::string stored = joined({field, letter_fields, "\r\n\xe9\xe9\xe9\xe9\r\n"});
  EXPECT_EQ(judge(joined({field, letter_fields, "\r\n", text})).status, Status::verified);
  EXPECT_EQ(judge(stored).status, Status::verified);
  EXPECT_THAT(judge(stored).flags, ElementsAre("draft", "repaired:utf-8"));
  EXPECT_NE(judge(stored + "no\r\n").status, Status::verified);
}

TEST(FirstDraft, AnswersForItsSenderAsOthersDo) {
  EXPECT_EQ(judge("From: eve@example.org\r\n" + first_draft_mail()).reason, Reason::from_unsigned);
  EXPECT_EQ(judge(first_draft_mail("; i=@example.net")).reason, Reason::from_unsigned);
  EXPECT_EQ(judge(first_draft_mail("; i=alice@mail.example.org")).status, Status::verified);
  EXPECT_THAT(judge("Subject: Other\r\n" + first_draft_mail()).flags,
              ElementsAre("draft", "extra-subject"));
  const std::string without = replaced(joined({"a=rsa-sha256; ", names}), "from:", "");
  const std::string_view fields = letter_fields.substr(letter_fields.find("To:"));
  EXPECT_EQ(judge(joined({first_draft(without, fields, letter_body), letter})).reason,
            Reason::from_unsigned);
}
TEST(FirstDraft, HasNoHashOfTheBodyToSpeakWithoutAKey) {
  for (const std::string& message :
       {first_draft_mail(), replaced(first_draft_mail(), "First", "Other")}) {
    EXPECT_EQ(judge(message, "").reason, Reason::key_missing);
    EXPECT_EQ(judge(message, revoked_record).reason, Reason::key_revoked);
    EXPECT_EQ(judge(message, record(other_key())).reason, Reason::altered);
  }
}
TEST(FirstDraft, IsRepaired) {
  std::string lf = "From alice@example.org Mon Apr 24 08:22:05 2017\r\n" + first_draft_mail();
  std::erase(lf, '\r');
  EXPECT_EQ(judge(lf).status, Status::verified);
  EXPECT_THAT(judge(lf).flags, ElementsAre("draft", "repaired:from-line", "repaired:lf"));
  const std::string footer = joined({first_draft_mail(), mailman});
  EXPECT_EQ(judge(footer).status, Status::verified);
  EXPECT_THAT(judge(footer).flags, ElementsAre("draft", "repaired:footer"));
  EXPECT_EQ(judge(replaced(footer, "Second", "Third")).reason, Reason::altered);
}

TEST(LaterDraft, HashesAsRfc4871Does) {
  for (const std::string_view version : {"v=0.5;", "v=0.2;", "v = 0.5 ;", ""}) {
    const std::string message = joined({with_hash(version), letter});
    const Report report = judge(message);
    EXPECT_EQ(report.status, Status::verified) << version;
    EXPECT_THAT(report.flags, ElementsAre("draft")) << version;
    EXPECT_EQ(report.signatures.at(0).facts.body_hash, BodyHash::ok);
    EXPECT_EQ(judge(replaced(message, "First", "Other")).reason, Reason::body_altered);
    EXPECT_EQ(judge(replaced(message, "Budget", "Gadget")).reason, Reason::headers_altered);
    EXPECT_EQ(judge(replaced(message, "First", "Other"), "").reason, Reason::altered);
  }
}

TEST(Version, OneIsNoDraft) {
  EXPECT_EQ(judge(joined({with_hash("v=1;"), letter})).status, Status::verified);
  EXPECT_THAT(judge(joined({with_hash("v=1;"), letter})).flags, IsEmpty());
}
TEST(Version, OfAnotherKindIsMalformed) {
  for (const std::string_view version :
       {"v=2;", "v=1.0;", "v=10;", "v=01;", "v=;", "v=DKIM1;", "v=-1;", "v=0;", "v=x; v=1;"}) {
    EXPECT_EQ(judge(joined({with_hash(version), letter})).reason, Reason::malformed) << version;
  }
}
TEST(Version, WithoutAHashOfTheBodyIsMalformed) {
  for (const std::string_view version : {"v=1; ", "v=0.5; ", "v=0.1; "}) {
    const std::string tags = joined({version, "a=rsa-sha256; ", names});
    EXPECT_EQ(judge(joined({first_draft(tags, letter_fields, letter_body), letter})).reason,
              Reason::malformed)
        << version;
    const std::string empty = joined({tags, "; bh="});
    EXPECT_EQ(judge(joined({first_draft(empty, letter_fields, letter_body), letter})).reason,
              Reason::malformed)
        << version;
  }
  const std::string empty = joined({"a=rsa-sha256; ", names, "; bh="});
  EXPECT_EQ(judge(joined({first_draft(empty, letter_fields, letter_body), letter})).reason,
            Reason::malformed);
}

}  // namespace
}  // namespace leakfs::dkim
