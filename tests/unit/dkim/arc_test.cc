// SPDX-License-Identifier: GPL-3.0-or-later
// Chains of ARC sets (RFC 8617 §5.2): what attests, and each way in which a chain is broken.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/arc_chain.h"

namespace leakfs::dkim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// A letter whose signature a list has broken, before it seals what it sends on.
std::string broken_mail() { return replaced(signed_mail(), "Second", "Third"); }

ArcChainMail chain_of(unsigned hops, std::string_view text = broken_mail()) {
  ArcChainMail chain(text);
  for (unsigned i = 0; i < hops; ++i) chain.add();
  return chain;
}
Report judge_chain(std::string_view message) {
  static const Keyring keyring = keyring_of(both_records());
  return judge(message, keyring);
}
Report judge_chain(const ArcChainMail& chain) { return judge_chain(chain.text()); }

// The report of that signature of ARC.
const SignatureReport& row(const Report& report, SignatureKind kind, unsigned instance) {
  const auto found = std::ranges::find_if(report.signatures, [&](const SignatureReport& signature) {
    return signature.facts.kind == kind && signature.facts.instance == instance;
  });
  EXPECT_NE(found, report.signatures.end());
  return *found;
}

TEST(ArcChain, AttestsWhatTheFirstReceiverSaw) {
  for (const unsigned hops : {1U, 2U, 3U}) {
    const Report report = judge_chain(chain_of(hops));
    EXPECT_EQ(report.reason, Reason::arc_attested) << hops;
    EXPECT_EQ(report.status, Status::unverified);
    EXPECT_THAT(report.domains, IsEmpty());
    EXPECT_THAT(report.flags, IsEmpty());
    EXPECT_EQ(report.arc.sets, hops);
    EXPECT_TRUE(report.arc.is_well_formed);
    EXPECT_TRUE(report.arc.is_dkim_pass);
    EXPECT_TRUE(report.arc.is_aligned);
    ASSERT_EQ(report.signatures.size(), 2 * hops + 1);
    for (unsigned i = 1; i <= hops; ++i) {
      const SignatureReport& seal = row(report, SignatureKind::arc_seal, i);
      const SignatureReport& message = row(report, SignatureKind::arc_message, i);
      EXPECT_EQ(seal.result, Outcome::pass);
      EXPECT_EQ(message.result, Outcome::pass);
      EXPECT_EQ(seal.facts.body_hash, BodyHash::none);
      EXPECT_EQ(message.facts.body_hash, BodyHash::ok);
      EXPECT_EQ(seal.reason, Reason::arc_attested);
      EXPECT_EQ(seal.facts.domain, "lists.example.net");
      EXPECT_THAT(seal.flags, ElementsAre("seal:" + std::to_string(i)));
      EXPECT_THAT(message.flags, Contains("message-signature:" + std::to_string(i)));
    }
    EXPECT_EQ(report.signatures.back().reason, Reason::body_altered);
  }
}
TEST(ArcChain, AttestsAMailWithoutAnySignature) {
  for (const unsigned hops : {1U, 2U, 3U}) {
    const Report report = judge_chain(chain_of(hops, letter));
    EXPECT_EQ(report.reason, Reason::arc_attested);
    EXPECT_THAT(report.flags, IsEmpty());
  }
}
TEST(ArcChain, LeavesAVerifiedMailVerified) {
  const Report good = judge_chain(chain_of(2, signed_mail()));
  EXPECT_EQ(good.status, Status::verified);
  EXPECT_THAT(good.domains, ElementsAre("example.org"));
  EXPECT_THAT(good.flags, IsEmpty());
  ArcChainMail broken = chain_of(1, signed_mail());
  broken.sets()[0].seal = "ARC-Seal: i=1\r\n";
  EXPECT_EQ(judge_chain(broken).status, Status::verified);
  EXPECT_THAT(judge_chain(broken).flags, IsEmpty());
}
TEST(ArcChain, SurvivesLineEndsThatBecameLf) {
  std::string message = chain_of(2).text();
  std::erase(message, '\r');
  EXPECT_EQ(judge_chain(message).reason, Reason::arc_attested);
}

TEST(ArcResults, HaveToSayDkimPassAtTheFirstHop) {
  struct Case {
    const char* results;
    bool is_pass;
  };
  for (const Case& first :
       std::vector<Case>{{"dkim=pass", true},
                         {"spf=fail; dkim=fail; dkim=pass header.d=example.org", true},
                         {"dkim=fail", false},
                         {"dkim=none; spf=pass; dmarc=pass; arc=pass", false},
                         {"dkim=neutral (dkim=pass)", false},
                         {"dkim=fail reason=\"dkim=pass\"", false},
                         {"spf=pass (; dkim=pass;)", false},
                         {"none", false}}) {
    for (const char* second : {"dkim=pass", "dkim=fail"}) {
      ArcChainMail chain(broken_mail());
      chain.add({.results = first.results}).add({.results = second});
      const Report report = judge_chain(chain);
      EXPECT_TRUE(report.arc.is_well_formed);
      EXPECT_EQ(report.reason, first.is_pass ? Reason::arc_attested : Reason::body_altered)
          << first.results << ", " << second;
      EXPECT_EQ(row(report, SignatureKind::arc_seal, 2).result, Outcome::pass);
    }
  }
}
TEST(ArcResults, OfAnotherDomainAreUnaligned) {
  const std::string strangers = replaced(broken_mail(), "alice@example.org", "alice@example.com");
  EXPECT_TRUE(judge_chain(chain_of(1)).arc.is_aligned);
  EXPECT_FALSE(judge_chain(chain_of(1, strangers)).arc.is_aligned);
  EXPECT_THAT(judge_chain(chain_of(1, strangers)).flags, Contains("unaligned"));
  // The broken signature is a stranger's, but the receiver saw one of the author's as well.
  ArcChainMail attested(strangers);
  attested.add({.results = "dkim=pass header.d=mailer.example; dkim=pass header.i=@example.com"});
  EXPECT_THAT(judge_chain(attested).flags, Not(Contains("unaligned")));
}

TEST(ArcResults, WithoutASignatureOfTheAuthorAreUnaligned) {
  struct Case {
    const char* results;
    bool is_aligned;
  };
  for (const Case& first : std::vector<Case>{{"dkim=pass header.d=example.org", true},
                                             {"dkim=pass header.i=@mail.example.org", true},
                                             {"dkim=pass header.d=mailer.example", false},
                                             {"dkim=pass", false}}) {
    ArcChainMail chain(letter);
    chain.add({.results = first.results});
    EXPECT_EQ(judge_chain(chain).reason, Reason::arc_attested);
    EXPECT_EQ(judge_chain(chain).flags,
              first.is_aligned ? std::vector<std::string>() : std::vector<std::string>{"unaligned"})
        << first.results;
  }
}

// A chain that is no chain leaves the mail what it is without one.
void expect_no_chain(std::string_view message, std::string_view what,
                     Reason without = Reason::body_altered) {
  const Report report = judge_chain(message);
  EXPECT_EQ(report.status, Status::unverified) << what;
  EXPECT_EQ(report.reason, without) << what;
}

TEST(ArcSets, HaveNoGap) {
  for (const std::vector<unsigned>& kept :
       std::vector<std::vector<unsigned>>{{2}, {3}, {1, 3}, {2, 3}}) {
    ArcChainMail chain = chain_of(3);
    for (unsigned i = 1; i <= 3; ++i) {
      if (std::ranges::find(kept, i) == kept.end()) chain.sets()[i - 1] = {};
    }
    expect_no_chain(chain.text(), "gap");
  }
}
TEST(ArcSets, HaveEachFieldOnce) {
  for (std::string SetFields::* field :
       {&SetFields::results, &SetFields::message, &SetFields::seal}) {
    for (const std::size_t set : {0U, 1U}) {
      ArcChainMail twice = chain_of(2);
      twice.sets()[set].*field += twice.sets()[set].*field;
      expect_no_chain(twice.text(), "twice");
      ArcChainMail missing = chain_of(2);
      (missing.sets()[set].*field).clear();
      expect_no_chain(missing.text(), "missing");
    }
  }
}
TEST(ArcSets, HaveAnInstanceInEachField) {
  for (std::string SetFields::* field :
       {&SetFields::results, &SetFields::message, &SetFields::seal}) {
    for (const char* instance : {"i=0", "i=51", "i=3", "i=", "i=x", "x=1"}) {
      ArcChainMail chain = chain_of(1);
      chain.sets()[0].*field = replaced(chain.sets()[0].*field, "i=1", instance);
      expect_no_chain(chain.text(), instance);
    }
  }
}
TEST(ArcSets, MayStandInAnyOrder) {
  ArcChainMail chain = chain_of(2);
  const std::string first = chain.sets()[0].text();
  const SetFields second = chain.sets()[1];
  EXPECT_EQ(judge_chain(joined({first, second.results, second.seal, second.message, broken_mail()}))
                .reason,
            Reason::arc_attested);
}
TEST(ArcSets, AreAtMostFifty) {
  ArcChainMail chain = chain_of(50);
  EXPECT_EQ(judge_chain(chain).reason, Reason::arc_attested);
  EXPECT_EQ(judge_chain(chain).arc.sets, 50U);
  EXPECT_FALSE(judge_chain(chain).is_cut);
  chain.add();
  expect_no_chain(chain.text(), "51");
}

// §5.2 step 3: "none" at the first, "pass" at each later one.
TEST(ArcStatus, IsNoneThenPass) {
  const auto with = [](const std::vector<std::string>& statuses) {
    ArcChainMail chain(broken_mail());
    for (const std::string& status : statuses) chain.add({.status = status});
    return chain.text();
  };
  EXPECT_EQ(judge_chain(with({"none", "pass", "pass"})).reason, Reason::arc_attested);
  for (const std::vector<std::string>& statuses :
       std::vector<std::vector<std::string>>{{"pass"},
                                             {"fail"},
                                             {"other"},
                                             {"none", "none"},
                                             {"none", "fail"},
                                             {"pass", "pass"},
                                             {"fail", "pass"},
                                             {"none", "fail", "pass"},
                                             {"none", "none", "pass"},
                                             {"none", "pass", "fail"}}) {
    expect_no_chain(with(statuses), testing::PrintToString(statuses));
  }
}

TEST(ArcSignatures, OfEverySealCount) {
  for (const std::size_t set : {0U, 1U, 2U}) {
    ArcChainMail chain = chain_of(3);
    std::string& seal = chain.sets()[set].seal;
    seal = replaced(seal, "t=1493022200", "t=1493022201");
    expect_no_chain(chain.text(), "seal");
    chain = chain_of(3);
    std::string& results = chain.sets()[set].results;
    results = replaced(results, "mx.example.net", "mx.example.com");
    expect_no_chain(chain.text(), "results");
  }
}
TEST(ArcSignatures, OfTheNewestMessageCount) {
  for (const unsigned hops : {1U, 2U}) {
    expect_no_chain(chain_of(hops).text() + "more\r\n", "body");
    expect_no_chain(replaced(chain_of(hops).text(), "Budget", "Gadget"), "subject",
                    Reason::altered);
    // Which From is the author's is a flaw of both.
    expect_no_chain(joined({"From: eve@example.org\r\n", chain_of(hops).text()}), "second From",
                    Reason::altered);
  }
}
TEST(ArcSignatures, OfOlderMessagesShowHowFarItWasTheSame) {
  const auto flagged = [](const Report& report) {
    std::vector<unsigned> instances;
    for (const SignatureReport& signature : report.signatures) {
      if (std::ranges::find(signature.flags, "oldest-pass") == signature.flags.end()) continue;
      EXPECT_EQ(signature.facts.kind, SignatureKind::arc_message);
      instances.push_back(signature.facts.instance);
    }
    return instances;
  };
  EXPECT_THAT(flagged(judge_chain(chain_of(3))), ElementsAre(1U));
  ArcChainMail second = chain_of(1);
  second.change("First", "Changed").add().add();
  EXPECT_EQ(judge_chain(second).reason, Reason::arc_attested);
  EXPECT_THAT(flagged(judge_chain(second)), ElementsAre(2U));
  const SignatureReport broken = row(judge_chain(second), SignatureKind::arc_message, 1);
  EXPECT_EQ(broken.result, Outcome::fail);
  EXPECT_EQ(broken.reason, Reason::body_altered);
  ArcChainMail third = chain_of(2);
  third.change("Budget", "[list] Budget").add();
  EXPECT_EQ(judge_chain(third).reason, Reason::arc_attested);
  EXPECT_THAT(flagged(judge_chain(third)), ElementsAre(3U));
  // A chain that does not hold has none.
  EXPECT_THAT(flagged(judge_chain(chain_of(2).text() + "more\r\n")), IsEmpty());
}
TEST(ArcSignatures, NeedAKeyThatProvesSomething) {
  const std::string message = chain_of(2).text();
  const std::string weak = arc_record(weak_key());
  for (const std::string& zone :
       {std::string(), arc_record(key()), replaced(arc_record(), "p=", "p=; x="),
        replaced(arc_record(), "\"\n", "\" ; compromised-since=2020-01-01\n")}) {
    EXPECT_EQ(judge(message, record(key()) + zone).reason, Reason::body_altered) << zone;
  }
  ArcChainMail chain(broken_mail());
  chain.add({.signer = &weak_key()});
  EXPECT_EQ(judge(chain.text(), record(key()) + weak).reason, Reason::body_altered);
  chain.add();
  EXPECT_EQ(judge(chain.text(), both_records() + weak).reason, Reason::body_altered);
}

TEST(ArcTags, OfASealAreNotThoseOfAMessage) {
  for (const char* tag : {"h=from;", "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;", "h=;"}) {
    ArcChainMail chain(broken_mail());
    chain.add({.seal_tags = tag});
    expect_no_chain(chain.text(), tag);
    EXPECT_EQ(row(judge_chain(chain), SignatureKind::arc_seal, 1).reason, Reason::malformed);
  }
}
TEST(ArcTags, OfAMessageCoverItsSenderAndNoSeal) {
  for (const std::vector<std::string>& names : std::vector<std::vector<std::string>>{
           {"from", "arc-seal"}, {"ARC-Seal", "from", "subject"}, {"to", "subject"}}) {
    ArcChainMail chain = chain_of(1);
    chain.add({.names = names});
    expect_no_chain(chain.text(), testing::PrintToString(names));
  }
}
TEST(ArcTags, OfAMessageCoverAllOfItsBody) {
  ArcChainMail chain(letter);
  chain.add({.message_tags = "l=25;"});
  EXPECT_EQ(judge_chain(chain).reason, Reason::arc_attested);
  EXPECT_EQ(judge_chain(chain.text() + "more\r\n").reason, Reason::unsigned_);
}
// RFC 8617 §5.2 knows no repair: a chain that an export has broken is broken.
TEST(ArcTags, AreNotRepaired) {
  expect_no_chain(chain_of(1).text() + "-- \r\nlist\r\n", "footer");
  expect_no_chain(replaced(chain_of(1).text(), "\r\n\r\n", "\r\n\r\n\r\n"), "leading line");
}

TEST(ArcDamage, OfAnyKindIsSurvived) {
  for (const char* value :
       {"", ";", "=", "i", "i=", "i=1", "i=1;;", "i=1; a=rsa-sha256", "i=1; b=x; bh=x",
        "i=50; a=rsa-sha256; d=a; s=b; b=YQ==; cv=pass", "i=99999999999999999999; cv=none",
        "i=1; a=rsa-sha256; d=a; s=b; b=YQ==; cv=none; h=from; bh=YQ==", "\"", "(", "i=1; (\\"}) {
    for (const char* name : {"ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"}) {
      const std::string field = joined({name, ": ", value, "\r\n"});
      expect_no_chain(field + broken_mail(), field);
      expect_no_chain(field + field + broken_mail(), field);
      expect_no_chain(joined({field, chain_of(1).text()}), field);
    }
  }
}
TEST(ArcDamage, AtAnyByteIsSurvived) {
  const std::string message = chain_of(2).text();
  const std::size_t end = message.find("DKIM-Signature");
  for (std::size_t at = 0; at < end; at += 7) {
    EXPECT_NE(judge_chain(message.substr(at)).status, Status::verified) << at;
    EXPECT_NE(judge_chain(message.substr(0, at)).status, Status::verified) << at;
    if (message[at] <= ' ' || message[at] == ';') continue;
    std::string changed = message;
    changed[at] = changed[at] == '(' ? '"' : '(';
    EXPECT_NE(judge_chain(changed).reason, Reason::arc_attested) << at << changed;
  }
}

}  // namespace
}  // namespace leakfs::dkim
