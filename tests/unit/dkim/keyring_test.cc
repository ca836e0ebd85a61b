// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/keyring.h"

#include <gtest/gtest.h>

#include "index/crypto/private_key.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

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

TEST(Keyring, ANameThatIsNotThereHasNoRecord) {
  EXPECT_TRUE(load("").keyring.find("s", "example.org").empty());
}

}  // namespace
}  // namespace leakfs::dkim
