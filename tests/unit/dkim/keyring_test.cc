// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/keyring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/crypto/private_key.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::string key_text() {
  static const std::string text =
      mail::encode_base64(crypto::PrivateKey::generate(crypto::KeyKind::rsa, 1024).public_bytes());
  return text;
}

struct Loaded {
  Keyring keyring;
  std::vector<KeyFileProblem> problems;
};

Loaded load(const std::string& text) {
  Loaded loaded;
  loaded.keyring.add(text, "keys.zone", loaded.problems);
  return loaded;
}

// The lines and reasons of the problems.
std::vector<std::pair<std::size_t, std::string>> problems_of(const std::string& text) {
  std::vector<std::pair<std::size_t, std::string>> pairs;
  for (const KeyFileProblem& problem : load(text).problems) {
    pairs.emplace_back(problem.line, problem.what);
  }
  return pairs;
}

// A good record, which every file of errors ends with.
std::string good() { return "good._domainkey.example.org. IN TXT \"p=" + key_text() + "\"\n"; }

TEST(KeyFile, StringsOfARecordAreJoined) {
  const std::string key = key_text();
  const Loaded loaded =
      load("s._domainkey.example.org. 3600 IN TXT \"v=DKIM1; p=" + key.substr(0, 50) + "\" \"" +
           key.substr(50) + "\" ; source=test\n");
  const auto records = loaded.keyring.find("S", "Example.ORG");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].state, KeyRecord::State::usable);
  EXPECT_EQ(records[0].provenance, "source=test");
}

TEST(KeyFile, ParenthesesCarryARecordOverLines) {
  const Loaded loaded =
      load("s._domainkey.example.org IN TXT ( \"v=DKIM1; k=rsa; \"\n  \"p=" + key_text() +
           "\" )  ; ----- DKIM key\n");
  EXPECT_TRUE(loaded.problems.empty());
  ASSERT_EQ(loaded.keyring.find("s", "example.org").size(), 1U);
  EXPECT_TRUE(loaded.keyring.find("s", "example.org")[0].key);
}

TEST(KeyFile, ANameAndAValueAreEnough) {
  const Loaded loaded = load("s._domainkey.example.org v=DKIM1; p=" + key_text() +
                             "; seen=2012-01/2016-10 compromised-since=2016-02-01\n");
  const auto records = loaded.keyring.find("s", "example.org");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].compromised_since, 1454284800);
}

TEST(KeyFile, TheCommentAboveAndTheOneBehindAreBothHeard) {
  const Loaded loaded =
      load("; compromised-since=2016-02-01\ns._domainkey.example.org IN TXT \"p=" + key_text() +
           "\" ; ----- DKIM key\n");
  const auto records = loaded.keyring.find("s", "example.org");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].provenance, "compromised-since=2016-02-01; ----- DKIM key");
  EXPECT_EQ(records[0].compromised_since, 1454284800);
}

TEST(KeyFile, ACompromiseWithoutADateIsReportedAndHolds) {
  const Loaded loaded =
      load("s._domainkey.example.org IN TXT \"p=" + key_text() + "\" ; compromised-since=autumn\n");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].line, 1U);
  EXPECT_TRUE(loaded.keyring.find("s", "example.org")[0].compromised_since);
}

TEST(KeyFile, ALineThatCannotBeReadIsReportedAndTheRestUsed) {
  const Loaded loaded =
      load("; comment\n\nnonsense\ns._domainkey.example.org IN TXT \"p=" + key_text() +
           "\"\nt._domainkey.example.org IN TXT \"p=noise\"\n");
  ASSERT_EQ(loaded.problems.size(), 2U);
  EXPECT_EQ(loaded.problems[0].line, 3U);
  EXPECT_EQ(loaded.problems[1].line, 5U);
  EXPECT_EQ(loaded.keyring.find("s", "example.org").size(), 1U);
}

TEST(KeyFile, RecordsOfOtherTypesAreNotForUs) {
  const Loaded loaded = load("example.org. IN A 192.0.2.1\nexample.org. IN TXT \"v=spf1 -all\"\n");
  EXPECT_EQ(loaded.keyring.size(), 0U);
  EXPECT_TRUE(loaded.problems.empty());
}

TEST(KeyFile, WhatIsNoErrorIsNotReported) {
  EXPECT_THAT(problems_of("; a comment\n# another\n\n \t \r\n$TTL 1w\n"
                          "_domainkey.example.org. IN TXT \"t=y; o=~\"\n"
                          "_adsp._domainkey.example.org. IN TXT \"dkim=all\"\n"
                          "_report._domainkey.example.org. IN TXT \"ra=postmaster\"\n"
                          "old._domainkey.example.org. IN TXT \"v=DKIM1; p=\"\n"
                          "example.org. IN SOA ns hostmaster (\n  1 ; serial\n3600 1h\n 1w 1d )\n"
                          "example.org. 3600 IN MX 10 mail\nexample.org. TYPE65534 \\# 0\n"
                          "_dmarc.example.org. IN TXT \"v=DMARC1; p=none\"\n"),
              IsEmpty());
}

TEST(KeyFile, EveryErrorIsReportedWithItsLineAndTheRestIsUsed) {
  const std::string name = "s._domainkey.example.org. ";
  const std::string text = "nonsense\n" +                                          // 1
                           name + "IN TXTT \"p=\"\n" +                             // 2
                           name + "IN TXT \"v=DKIM1; p=\n" +                       // 3
                           name + "IN TXT \"v=DKIM1; p=\" )\n" +                   // 4
                           name + "IN TXT \"p=\\256\"\n" +                         // 5
                           name + "IN TXT p=\\\n" +                                // 6
                           "\"v=DKIM1; p=\"\n" +                                   // 7
                           "v=DKIM1; p=" + key_text() + "\n" +                     // 8
                           "$INCLUDE other.zone\n" +                               // 9
                           "$ORIGIN\n" +                                           // 10
                           "s._domainkey IN TXT \"p=" + key_text() + "\"\n" +      // 11
                           "*._domainkey.example.org. IN TXT \"v=DKIM1; p=\"\n" +  // 12
                           "s.example.org. IN TXT \"k=rsa; p=" + key_text() +
                           "\"\n"                             // 13
                           "s.example.org  v=DKIM1; p=x\n" +  // 14
                           name +
                           "IN TXT \"v=DKIM1 p=\"\n" +                        // 15
                           name + "IN TXT \"p=MIGfMA0!\"\n" +                 // 16
                           name + "IN TXT v=DKIM1; p=" + key_text() + "\n" +  // 17
                           "; source=x compromised-since=2020-01-01\n\n" +    // 18
                           name + std::string("IN TXT \"p=\0\"\n", 13) +      // 20
                           name + "IN CNAME a b\n" +                          // 21
                           "@ IN TXT \"p=\"\n" +                              // 22
                           name + "\n" +                                      // 23
                           "\\115._domainkey.example.org. IN TXT \"p=\"\n" +  // 24
                           good();
  std::vector<std::size_t> lines;
  const Loaded loaded = load(text);
  for (const KeyFileProblem& problem : loaded.problems) {
    EXPECT_EQ(problem.file, "keys.zone");
    EXPECT_NE(problem.what, "");
    lines.push_back(problem.line);
  }
  EXPECT_THAT(lines, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20,
                                 21, 22, 23, 24));
  EXPECT_EQ(loaded.keyring.find("good", "example.org").size(), 1U);
}

TEST(KeyFile, TheReasonIsThatOfTheRecord) {
  EXPECT_THAT(problems_of("s._domainkey.example.org. IN TXT \"k=rsa; p=MIGf-\"\n"),
              ElementsAre(Pair(1,
                               "the key of s._domainkey.example.org cannot be used: p= is no "
                               "base64")));
}

TEST(KeyFile, AnUnclosedParenthesisSwallowsNoRecord) {
  for (const std::string begin :
       {"a._domainkey.example.org. IN TXT ( \"p=\"\n", "a.example.org. IN SOA ( 1 2\n  3 4\n",
        "a._domainkey.example.org. IN TXT ( \"v=DKIM1;\n  \"p=\" )\n"}) {
    for (const std::string& next :
         {good(), "good._domainkey.example.org  v=DKIM1; p=" + key_text() + "\n",
          "$ORIGIN org.\ngood._domainkey.example TXT \"p=" + key_text() + "\""}) {
      std::string text = "; above\n";
      text.append(begin).append("\n; between\n").append(next);
      const Loaded loaded = load(text);
      ASSERT_EQ(loaded.problems.size(), 1U) << begin;
      EXPECT_EQ(loaded.problems[0].line, 2U);
      EXPECT_EQ(loaded.keyring.find("good", "example.org").size(), 1U) << begin << next;
    }
  }
  EXPECT_THAT(problems_of("a.example.org. IN SOA ( 1 2"),
              ElementsAre(Pair(1, "\"(\" is not closed")));
}

TEST(KeyFile, ACommentWithinParenthesesEndsAtItsLine) {
  const Loaded loaded =
      load("s._domainkey.example.org. IN TXT ( \"k=rsa; \" ; compromised-since=2020\n" +
           ("\"p=" + key_text()) + "\" ) ; source=x\n");
  ASSERT_EQ(loaded.keyring.find("s", "example.org").size(), 1U);
  EXPECT_TRUE(loaded.keyring.find("s", "example.org")[0].key);
  EXPECT_EQ(loaded.keyring.find("s", "example.org")[0].compromised_since, 1577836800);
}

TEST(KeyFile, NamesAreRelativeToTheOriginIfThereIsOne) {
  const Loaded loaded = load(
      "a._domainkey.example.org IN TXT \"p=\"\n$ORIGIN Example.COM.\n"
      "b._domainkey 1h IN TXT \"p=\"\n\tTXT \"p=;\"\n  IN 60 TXT \"p=;;\"\n"
      "c._domainkey.example.net. TXT \"p=\"\n$ORIGIN sub\n"
      "d._domainkey p=\n$ORIGIN .\ne._domainkey.example.org TXT \"p=\"\n");
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.keyring.find("a", "example.org").size(), 1U);
  EXPECT_EQ(loaded.keyring.find("b", "example.com").size(), 3U);
  EXPECT_EQ(loaded.keyring.find("c", "example.net").size(), 1U);
  EXPECT_EQ(loaded.keyring.find("d", "sub.example.com").size(), 1U);
  EXPECT_EQ(loaded.keyring.find("e", "example.org").size(), 1U);
}

TEST(KeyFile, AnIndentedRecordMayHaveItsOwnName) {
  const Loaded loaded =
      load("  s._domainkey.example.org IN TXT \"p=\"\n\tt._domainkey.example.org p=\n");
  EXPECT_EQ(loaded.keyring.find("s", "example.org").size(), 1U);
  EXPECT_EQ(loaded.keyring.find("t", "example.org").size(), 1U);
  EXPECT_THAT(problems_of("  IN TXT \"p=\"\n"),
              ElementsAre(Pair(1, "no record before it has a name")));
}

// What dig +noall +answer, dig, host and dig +short behind a name print.
TEST(KeyFile, WhatResolversPrintIsRead) {
  const std::string key = key_text();
  const std::string strings =
      "\"v=DKIM1\\; k=rsa; \" \"p=" + key.substr(0, 99) + "\" \"" + key.substr(99) + "\"\n";
  const Loaded loaded = load(
      "\n; <<>> DiG 9.18 <<>> TXT a._domainkey.example.org\n;; global options: +cmd\n"
      ";; QUESTION SECTION:\n;a._domainkey.example.org.\tIN\tTXT\n\n;; ANSWER SECTION:\n"
      "a._domainkey.example.org.\t299\tIN\tTXT\t" +
      strings +
      "\n;; Query time: 23 msec\n\n"
      "b._domainkey.example.org descriptive text " +
      strings + "c._domainkey.example.org " + strings);
  EXPECT_TRUE(loaded.problems.empty());
  for (const char* selector : {"a", "b", "c"}) {
    const auto records = loaded.keyring.find(selector, "example.org");
    ASSERT_EQ(records.size(), 1U) << selector;
    EXPECT_TRUE(records[0].key) << selector;
    EXPECT_EQ(records[0].provenance, "");
  }
}

TEST(KeyFile, AnAliasHasTheRecordsOfItsTarget) {
  const Loaded loaded = load(
      "s1._domainkey.example.org. 300 IN CNAME s1.hoster.example.\n"
      "s1.hoster.example. 300 IN CNAME key1.hoster.example.\n"
      "key1.hoster.example. 300 IN TXT \"k=rsa; p=" +
      key_text() +
      "\" ; source=dig\n"
      "s2._domainkey.example.org is an alias for key1.hoster.example.\n"
      "loop._domainkey.example.org. CNAME loop._domainkey.example.org.\n"
      "bad._domainkey.example.org. CNAME bad.hoster.example.\n"
      "bad.hoster.example. TXT \"p=MIGf\"\n");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].line, 7U);
  for (const char* selector : {"s1", "s2"}) {
    ASSERT_EQ(loaded.keyring.find(selector, "example.org").size(), 1U) << selector;
    EXPECT_EQ(loaded.keyring.find(selector, "example.org")[0].provenance, "source=dig");
  }
  EXPECT_TRUE(loaded.keyring.find("loop", "example.org").empty());
}

TEST(KeyFile, LineEndsByteOrderMarksAndLongLinesDoNoHarm) {
  const std::string note(1 << 20, 'x');
  const Loaded loaded = load(
      "\xef\xbb\xbfs._domainkey.example.org. IN TXT \"n=" + note + "; \" (\r\n\"p=" + key_text() +
      "\" )\r\n\xef\xbb\xbft._domainkey.example.org p=" + key_text() + "\r\n");
  EXPECT_TRUE(loaded.problems.empty());
  for (const char* selector : {"s", "t"}) {
    ASSERT_EQ(loaded.keyring.find(selector, "example.org").size(), 1U);
    EXPECT_TRUE(loaded.keyring.find(selector, "example.org")[0].key);
  }
}

TEST(KeyFile, ErrorsAboveTheLimitAreCounted) {
  std::string text;
  for (std::size_t i = 0; i < key_file_problems_max; ++i) text += "nonsense\n";
  EXPECT_EQ(problems_of(text).size(), key_file_problems_max);
  const auto problems = problems_of(text + "nonsense\nnonsense\n");
  ASSERT_EQ(problems.size(), key_file_problems_max + 1);
  EXPECT_EQ(problems.back().second, "and 2 more lines that cannot be used");
}

TEST(Keyring, ARecordOfTwoFilesIsTriedOnceAndTheFirstFileFirst) {
  Loaded loaded;
  const auto add = [&loaded](const std::string& data) {
    loaded.keyring.add("s._domainkey.example.org. IN TXT " + data + "\n", "f", loaded.problems);
  };
  add("\"k=rsa; p=" + key_text() + "\"");
  add("\"v=DKIM1; p=\" ; source=b");
  add("\"k=rsa; \" \"p=" + key_text() + "\" ; source=c compromised-since=2020-01-01");
  add("\"k=rsa; p=" + key_text() + "\" ; source=d");
  const auto records = loaded.keyring.find("s", "example.org");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].state, KeyRecord::State::usable);
  EXPECT_EQ(records[0].provenance, "source=c compromised-since=2020-01-01");
  EXPECT_TRUE(records[0].compromised_since);
  EXPECT_EQ(records[1].state, KeyRecord::State::revoked);
}

TEST(Keyring, AKeyIsCompromisedUnderEveryNameAndSpelling) {
  Loaded loaded = load("a._domainkey.example.org. IN TXT \"k=rsa; p=" + key_text() + "\"\n");
  loaded.keyring.add(
      "; compromised-since=2020-01-01\nb._domainkey.example.net v=DKIM1; p= " + key_text() + "\n",
      "other", loaded.problems);
  EXPECT_EQ(loaded.keyring.find("a", "example.org")[0].compromised_since, 1577836800);
}

TEST(Keyring, ANameThatIsNotThereHasNoRecord) {
  EXPECT_TRUE(load("").keyring.find("s", "example.org").empty());
}

}  // namespace
}  // namespace leakfs::dkim
