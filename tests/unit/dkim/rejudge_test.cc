// SPDX-License-Identifier: GPL-3.0-or-later
// The facts that an index keeps, judged again with other keys, give what the message itself gives
// with these keys. Facts are taken when it is verified with any of the keys, for a signature that
// fits is not repaired.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/dkim/judge.h"
#include "tests/unit/dkim/arc_chain.h"

namespace leakfs::dkim {
namespace {

constexpr std::string_view mailman =
    "_______________________________________________\r\nBudget mailing list\r\n";

MessageFacts facts_of(const Report& report) {
  MessageFacts facts{.signatures = {}, .arc = report.arc, .is_cut = report.is_cut};
  for (const SignatureReport& signature : report.signatures) {
    facts.signatures.push_back(signature.facts);
  }
  return facts;
}

std::string list_of(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += " " + word;
  return list;
}
// All that is said about a message.
std::string text_of(const Report& report) {
  std::string text =
      joined({word(report.status), " ", word(report.reason), "; domains:", list_of(report.domains),
              "; flags:", list_of(report.flags), report.is_cut ? "; cut" : ""});
  for (const SignatureReport& signature : report.signatures) {
    text += joined({"\n", word(signature.facts.kind), " ", signature.facts.domain, ": body ",
                    word(signature.facts.body_hash), ", header ", word(signature.header_signature),
                    ", key ", word(signature.key), " ", std::to_string(signature.key_bits), ", ",
                    word(signature.result), " ", word(signature.reason),
                    "; flags:", list_of(signature.flags)});
  }
  return text;
}

std::map<std::string, std::string> zones() {
  const std::string strict = record(key(), "t=s:y; ");
  return {{"none", ""},
          {"ours", record(key())},
          {"theirs", record(other_key())},
          {"theirs and ours", record(other_key()) + record(key())},
          {"weak", record(weak_key())},
          {"revoked", std::string(revoked_record)},
          {"malformed", "s1._domainkey.example.org. IN TXT \"v=DKIM1; p=noise\"\n"},
          {"compromised", replaced(record(key()), "\"\n", "\" ; compromised-since=2020-01-01\n")},
          {"strict and testing", strict},
          {"for sha1", record(key(), "h=sha1; ")},
          {"the list's", arc_record()},
          {"ours and the list's", both_records()},
          {"theirs and the list's", record(other_key()) + arc_record()},
          {"the list's, revoked", replaced(arc_record(), "p=", "p=; x=")}};
}

std::string with_lf(std::string text) {
  std::erase(text, '\r');
  return text;
}
std::string domainkeys_mail() {
  return joined({"DomainKey-Signature: d=example.org; s=s1; b=",
                 signature_of(letter, crypto::DigestKind::sha1), "\r\n", letter});
}
std::string draft_mail() {
  constexpr std::string_view start =
      "DKIM-Signature: a=rsa-sha256; d=example.org; s=s1; h=from:to:subject:date; b=";
  const std::string input = joined({letter_fields, "\r\n", letter_body, "\r\n", start});
  return joined({start, signature_of(input), "\r\n", letter});
}

std::map<std::string, std::string> mails() {
  const std::string plain = signed_mail();
  const std::string body = joined({letter_fields, "\r\nFrom d\xe9j\xe0 vu\r\n.\r\n"});
  SigningOptions below = options();
  below.identity = "@mail.example.org";
  SigningOptions partial = options();
  partial.body_length = 12;
  SigningOptions oversigned = options();
  oversigned.fields.emplace_back("list-id");
  SigningOptions sha1 = options({"from"});
  sha1.digest = crypto::DigestKind::sha1;
  const std::string by_two =
      joined({sign(letter, other_key(), options()), sign(letter, key(), partial), letter});
  ArcChainMail chain(replaced(plain, "Second", "Third"));
  chain.add().change("First", "Next").add();
  ArcChainMail no_pass(letter);
  no_pass.add({.results = "dkim=fail"});
  return {
      {"unsigned", std::string(letter)},
      {"malformed", joined({"DKIM-Signature: v=1\r\n", plain})},
      {"malformed only", joined({"DKIM-Signature: v=1\r\n", letter})},
      {"plain", plain},
      {"sha1, little signed", signed_mail(letter, sha1)},
      {"second subject", "Subject: Other\r\n" + plain},
      {"second From", "From: eve@example.org\r\n" + plain},
      {"i= below", signed_mail(letter, below)},
      {"partial", signed_mail(letter, partial)},
      {"weak", joined({sign(letter, weak_key(), options()), letter})},
      {"by two", by_two},
      {"by two, changed", replaced(by_two, "Second", "Third")},
      {"body changed", replaced(plain, "Second", "Third")},
      {"subject changed", replaced(plain, "Budget", "Gadget")},
      {"mbox", "From a Mon Apr 24 08:22:05 2017\n" + with_lf(plain)},
      {"leading line", replaced(plain, "\r\n\r\n", "\r\n\r\n\r\n")},
      {"footer", joined({plain, mailman})},
      {"footer, subject changed", replaced(joined({plain, mailman}), "Budget", "Gadget")},
      {"quoted", replaced(signed_mail(body), "\nFrom d", "\n>From d")},
      {"stuffed", replaced(signed_mail(body), "\n.\r\n", "\n..\r\n")},
      {"transcoded", replaced(signed_mail(body), "d\xe9j\xe0", "déjà")},
      {"fields on top", "List-Id: <a>\r\n" + signed_mail(letter, oversigned)},
      {"fields on top, footer",
       joined({"List-Id: <a>\r\n", signed_mail(letter, oversigned), mailman})},
      {"domainkeys", domainkeys_mail()},
      {"domainkeys, footer", joined({domainkeys_mail(), mailman})},
      {"domainkeys, changed", replaced(domainkeys_mail(), "Budget", "Gadget")},
      {"domainkeys and dkim", signed_mail(domainkeys_mail())},
      {"draft", draft_mail()},
      {"draft, leading line", replaced(draft_mail(), "\r\n\r\n", "\r\n\r\n\r\n")},
      {"chain", chain.text()},
      {"chain, changed", chain.text() + "more\r\n"},
      {"chain without a pass", no_pass.text()},
      {"too many",
       [] {
         std::string text;
         for (int i = 0; i < 17; ++i) text += sign(letter, key(), options());
         return joined({text, letter});
       }()},
  };
}

TEST(Rejudge, GivesWhatTheMessageGives) {
  std::map<std::string, Keyring> keyrings;
  for (const auto& [name, zone] : zones()) {
    std::vector<KeyFileProblem> problems;
    keyrings[name].add(zone, name, problems);
  }
  for (const auto& [name, message] : mails()) {
    std::map<std::string, std::string> fresh;
    for (const auto& [keys, keyring] : keyrings) fresh[keys] = text_of(judge(message, keyring));
    for (const auto& [old_keys, old_keyring] : keyrings) {
      const MessageFacts facts = facts_of(judge(message, old_keyring));
      for (const auto& [new_keys, new_keyring] : keyrings) {
        EXPECT_EQ(text_of(judge(facts, new_keyring)), fresh[new_keys])
            << name << ": from " << old_keys << " to " << new_keys;
      }
    }
  }
}
// Or the test above would show little.
TEST(Rejudge, IsTestedWithEveryReasonAndManyRepairs) {
  std::set<Reason> reasons;
  std::set<std::string> repairs;
  for (const auto& [name, message] : mails()) {
    for (const auto& [keys, zone] : zones()) {
      const Report report = judge(message, zone);
      reasons.insert(report.reason);
      for (const std::string& flag : report.flags) {
        const bool is_repair = flag.starts_with("repaired:");
        if (is_repair && report.status == Status::verified) repairs.insert(flag.substr(9));
      }
    }
  }
  EXPECT_EQ(reasons.size(), static_cast<std::size_t>(Reason::unsigned_) + 1);
  EXPECT_THAT(repairs, testing::ElementsAre("dot-stuffing", "fields-on-top", "footer", "from-line",
                                            "from-quoting", "latin-1", "leading-line", "lf"));
}
// And again, from facts that were judged before.
TEST(Rejudge, TwiceGivesTheSame) {
  const Keyring none = keyring_of("");
  const Keyring all = keyring_of(both_records());
  for (const auto& [name, message] : mails()) {
    const Report first = judge(message, all);
    const Report second = judge(facts_of(first), all);
    EXPECT_EQ(text_of(second), text_of(first)) << name;
    EXPECT_EQ(text_of(judge(facts_of(judge(facts_of(second), none)), all)), text_of(first)) << name;
  }
}
TEST(Facts, KeepAtMostEightFormsAndNeedNoKey) {
  // Everything that can be undone is there, so that there are more forms than are kept.
  const std::string text =
      joined({letter_fields,
              "\r\n\r\n>>From é\r\r\n>From b\r\n..c\r\n<meta http-equiv=\"Content-Type\">\r\n",
              mailman, mailman, mailman, mailman});
  const std::string message =
      joined({"DomainKey-Signature: d=example.org; s=s1; b=YQ==\r\n", text});
  const Report report = judge(message, keyring_of(""));
  EXPECT_EQ(report.signatures.at(0).facts.forms.size(), forms_max);
  EXPECT_EQ(report.signatures.at(0).facts.forms.at(0).repair, Repair::none);
  for (const auto& [name, mail] : mails()) {
    for (const SignatureReport& signature : judge(mail, keyring_of("")).signatures) {
      EXPECT_LE(signature.facts.forms.size(), forms_max) << name;
      EXPECT_EQ(signature.facts.forms.empty(), signature.facts.is_malformed) << name;
    }
  }
}

}  // namespace
}  // namespace leakfs::dkim
