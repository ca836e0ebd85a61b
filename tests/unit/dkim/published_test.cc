// SPDX-License-Identifier: GPL-3.0-or-later
// The signed messages and keys that RFC 6376 and RFC 8463 print.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// RFC 6376 Appendix C.
constexpr const char* rfc6376_key =
    "brisbane._domainkey.example.com. IN TXT (\"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ\"\n"
    "  \"KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt\"\n"
    "  \"IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v\"\n"
    "  \"/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi\"\n"
    "  \"tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\")\n";

// RFC 6376 Appendix A.2, with one space in the second sentence: bh= is of that.
constexpr const char* rfc6376_mail =
    "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"
    "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"
    "      h=Received : From : To : Subject : Date : Message-ID;\r\n"
    "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n"
    "        4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n"
    "        KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n"
    "        4bmp/YzhwvcubU4=;\r\n"
    "Received: from client1.football.example.com  [192.0.2.1]\r\n"
    "      by submitserver.example.com with SUBMISSION;\r\n"
    "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n"
    "From: Joe SixPack <joe@football.example.com>\r\n"
    "To: Suzie Q <suzie@shopping.example.net>\r\n"
    "Subject: Is dinner ready?\r\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
    "\r\n"
    "Hi.\r\n"
    "\r\n"
    "We lost the game. Are you hungry yet?\r\n"
    "\r\n"
    "Joe.\r\n";

// RFC 8463 Appendix A.2.
constexpr const char* rfc8463_keys =
    "brisbane._domainkey.football.example.com. IN TXT (\n"
    "  \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\")\n"
    "test._domainkey.football.example.com. IN TXT (\n"
    "  \"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR\"\n"
    "  \"iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC\"\n"
    "  \"DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3\"\n"
    "  \"Ip3G+2kryOTIKT+l/K4w3QIDAQAB\")\n";

// RFC 8463 Appendix A.3.
constexpr const char* rfc8463_mail =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
    " subject : date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
    " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
    " date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
    " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
    " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
    "From: Joe SixPack <joe@football.example.com>\r\n"
    "To: Suzie Q <suzie@shopping.example.net>\r\n"
    "Subject: Is dinner ready?\r\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
    "\r\n"
    "Hi.\r\n"
    "\r\n"
    "We lost the game.  Are you hungry yet?\r\n"
    "\r\n"
    "Joe.\r\n"
    "\r\n";

// Without a Date: none of them has an x= to compare it with.
Report judge_published(std::string_view message, std::string_view zone) {
  return judge(message, keyring_of(zone), std::nullopt);
}

TEST(Rfc6376, TheMailOfAppendixAVerifies) {
  const Report report = judge_published(rfc6376_mail, rfc6376_key);
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.domains, ElementsAre("example.com"));
  EXPECT_THAT(report.flags, IsEmpty());
  ASSERT_EQ(report.signatures.size(), 1U);
  EXPECT_EQ(report.signatures[0].facts.canonicalization, "simple/simple");
  EXPECT_EQ(report.signatures[0].key_bits, 1024);
  EXPECT_THAT(report.signatures[0].facts.fields,
              ElementsAre("received", "from", "to", "subject", "date", "message-id"));
}
TEST(Rfc6376, SimpleForgivesNoBlank) {
  EXPECT_EQ(judge_published(replaced(rfc6376_mail, "game. Are", "game.  Are"), rfc6376_key).reason,
            Reason::body_altered);
  EXPECT_EQ(judge_published(replaced(rfc6376_mail, "To: Suzie", "To:  Suzie"), rfc6376_key).reason,
            Reason::headers_altered);
}
TEST(Rfc6376, AnotherNameOfTheKeyIsNoKey) {
  EXPECT_EQ(judge_published(rfc6376_mail, replaced(rfc6376_key, "brisbane", "sydney")).reason,
            Reason::key_missing);
}

TEST(Rfc8463, BothSignaturesOfAppendixAVerify) {
  const Report report = judge_published(rfc8463_mail, rfc8463_keys);
  EXPECT_EQ(report.status, Status::verified);
  EXPECT_THAT(report.flags, IsEmpty());
  ASSERT_EQ(report.signatures.size(), 2U);
  EXPECT_EQ(report.signatures[0].facts.algorithm, "ed25519-sha256");
  EXPECT_EQ(report.signatures[1].facts.algorithm, "rsa-sha256");
  for (const SignatureReport& signature : report.signatures) {
    EXPECT_EQ(signature.result, Outcome::pass);
    EXPECT_EQ(signature.facts.body_hash, BodyHash::ok);
    EXPECT_EQ(signature.header_signature, HeaderSignature::ok);
  }
}
TEST(Rfc8463, RelaxedForgivesBlanksAndFolding) {
  const std::string folded = replaced(rfc8463_mail, "To: Suzie Q", "TO :\tSuzie\r\n \tQ");
  EXPECT_EQ(
      judge_published(replaced(folded, "hungry yet?", "hungry \tyet? \t"), rfc8463_keys).status,
      Status::verified);
}
// From, Subject and Date are named once more than they occur: one more breaks both signatures.
TEST(Rfc8463, AFieldNamedOnceMoreCannotBeAdded) {
  for (const char* extra : {"From: a@football.example.com", "Subject: Other", "Date: now"}) {
    const Report report = judge_published(std::string(extra) + "\r\n" + rfc8463_mail, rfc8463_keys);
    EXPECT_EQ(report.signatures.at(0).header_signature, HeaderSignature::bad) << extra;
    EXPECT_EQ(report.signatures.at(1).header_signature, HeaderSignature::bad) << extra;
    EXPECT_EQ(report.reason, Reason::headers_altered) << extra;
  }
}
TEST(Rfc8463, AKeyOfTheOtherKindIsNone) {
  const std::string swapped = replaced(replaced(rfc8463_keys, "brisbane", "x"), "test", "brisbane");
  const Report report = judge_published(rfc8463_mail, replaced(swapped, "x", "test"));
  EXPECT_EQ(report.signatures.at(0).key, KeyState::malformed);
  EXPECT_EQ(report.signatures.at(1).key, KeyState::malformed);
  EXPECT_EQ(report.status, Status::unverified);
}

}  // namespace
}  // namespace leakfs::dkim
