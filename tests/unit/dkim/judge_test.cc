// SPDX-License-Identifier: GPL-3.0-or-later
// From facts and keys to a verdict; the facts are made up here, the signatures in them are real.
#include "index/dkim/judge.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// Facts of a signature that `signer` has made, with the key of that selector; nothing is wrong.
SignatureFacts facts_by(const crypto::PrivateKey& signer, const std::string& selector = "s1") {
  const crypto::Digest digest = crypto::sha256("what was signed");
  return {.domain = "example.org",
          .selector = selector,
          .algorithm = "rsa-sha256",
          .canonicalization = "relaxed/relaxed",
          .signature = signer.sign(digest, crypto::DigestKind::sha256),
          .body_hash = BodyHash::ok,
          .forms = {{.digest = digest}},
          .fields = {"from", "to", "date", "subject"}};
}
SignatureFacts good() { return facts_by(key()); }
// The same with something else about it.
template <typename Member>
SignatureFacts good_but(Member SignatureFacts::* member, Member value) {
  SignatureFacts facts = good();
  facts.*member = std::move(value);
  return facts;
}
SignatureFacts with_body(SignatureFacts facts, BodyHash body) {
  facts.body_hash = body;
  return facts;
}

std::string compromised(const std::string& record) {
  return replaced(record, "\"\n", "\" ; compromised-since=2020-01-01\n");
}
std::string named(const std::string& record, std::string_view selector) {
  return replaced(record, "s1.", joined({selector, "."}));
}

struct Judgement {
  std::string name;
  SignatureFacts facts;
  std::string zone;
  Reason reason;
  Outcome result;
  HeaderSignature header = HeaderSignature::ok;
  KeyState key = KeyState::found;
};

std::vector<Judgement> judgements() {
  using enum Outcome;
  constexpr BodyHash bad = BodyHash::bad;
  const std::string ours = record(key());
  const std::string theirs = record(other_key());
  const std::string weak = record(weak_key());
  const std::string broken = "s1._domainkey.example.org. IN TXT \"v=DKIM1; p=noise\"\n";
  const std::string revoked(revoked_record);
  const std::string strict = record(key(), "t=s; ");
  const SignatureFacts by_weak = facts_by(weak_key());
  const SignatureFacts below = good_but(&SignatureFacts::is_identity_below, true);
  const SignatureFacts partial = good_but(&SignatureFacts::is_partial, true);
  const SignatureFacts unsigned_from = good_but(&SignatureFacts::is_from_unsigned, true);
  const auto bad_header = HeaderSignature::bad;
  const auto unknown = HeaderSignature::unknown;
  SignatureFacts weak_partial = by_weak;
  weak_partial.is_partial = weak_partial.is_from_unsigned = true;
  SignatureFacts weak_unsigned = by_weak;
  weak_unsigned.is_from_unsigned = true;
  return {
      {"good", good(), ours, Reason::none, pass},
      {"good, no hash of the body", with_body(good(), BodyHash::none), ours, Reason::none, pass},
      {"body bad", with_body(good(), bad), ours, Reason::body_altered, fail},
      {"header bad", good(), theirs, Reason::headers_altered, fail, bad_header},
      {"both bad", with_body(good(), bad), theirs, Reason::altered, fail, bad_header},
      {"bad as a whole", with_body(good(), BodyHash::none), theirs, Reason::altered, fail,
       bad_header},

      {"no key", good(), "", Reason::key_missing, neutral, unknown, KeyState::missing},
      {"no key, no hash of the body", with_body(good(), BodyHash::none), "", Reason::key_missing,
       neutral, unknown, KeyState::missing},
      {"no key, body bad", with_body(good(), bad), "", Reason::altered, fail, unknown,
       KeyState::missing},
      {"key revoked", good(), revoked, Reason::key_revoked, permerror, unknown, KeyState::revoked},
      {"key revoked, body bad", with_body(good(), bad), revoked, Reason::altered, fail, unknown,
       KeyState::revoked},
      {"key malformed", good(), broken, Reason::key_missing, permerror, unknown,
       KeyState::malformed},
      {"key malformed, body bad", with_body(good(), bad), broken, Reason::altered, fail, unknown,
       KeyState::malformed},
      {"key malformed and revoked", good(), broken + revoked, Reason::key_revoked, permerror,
       unknown, KeyState::revoked},
      {"key revoked and good", good(), revoked + ours, Reason::none, pass},
      {"key for sha1", good(), record(key(), "h=sha1; "), Reason::key_missing, permerror, unknown,
       KeyState::malformed},
      {"key not for mail", good(), record(key(), "s=other; "), Reason::key_missing, permerror,
       unknown, KeyState::malformed},

      {"partial", partial, ours, Reason::partial_body, policy},
      {"partial, body bad", with_body(partial, bad), ours, Reason::body_altered, fail},
      {"partial, no key", partial, "", Reason::key_missing, neutral, unknown, KeyState::missing},
      {"weak", by_weak, weak, Reason::weak_key, policy},
      {"weak, body bad", with_body(by_weak, bad), weak, Reason::altered, fail},
      {"weak, header bad", good(), weak, Reason::headers_altered, fail, bad_header},
      {"compromised", good(), compromised(ours), Reason::key_compromised, policy},
      {"compromised, body bad", with_body(good(), bad), compromised(ours), Reason::altered, fail},
      {"compromised, header bad", good(), compromised(theirs), Reason::headers_altered, fail,
       bad_header},
      {"From unsigned", unsigned_from, ours, Reason::from_unsigned, policy},
      {"From unsigned, body bad", with_body(unsigned_from, bad), ours, Reason::altered, fail},
      {"i= below", below, ours, Reason::none, pass},
      {"i= below, strict key", below, strict, Reason::from_unsigned, policy},
      {"strict key", good(), strict, Reason::none, pass},
      {"i= below, strict key, body bad", with_body(below, bad), strict, Reason::altered, fail},

      {"partial before all", weak_partial, compromised(weak), Reason::partial_body, policy},
      {"weak before compromised", weak_unsigned, compromised(weak), Reason::weak_key, policy},
      {"compromised before From", unsigned_from, compromised(ours), Reason::key_compromised,
       policy},
      {"malformed", good_but(&SignatureFacts::is_malformed, true), ours, Reason::malformed,
       permerror, unknown, KeyState::missing},
  };
}

TEST(JudgeSignature, GivesEveryReason) {
  for (const Judgement& expected : judgements()) {
    Keyring keyring;
    std::vector<KeyFileProblem> problems;
    keyring.add(expected.zone, "test", problems);
    const SignatureReport report = judge_signature(expected.facts, keyring);
    EXPECT_EQ(report.reason, expected.reason) << expected.name;
    EXPECT_EQ(report.result, expected.result) << expected.name;
    EXPECT_EQ(report.header_signature, expected.header) << expected.name;
    EXPECT_EQ(report.key, expected.key) << expected.name;
    EXPECT_EQ(report.key_bits > 0, expected.key == KeyState::found) << expected.name;
    const bool is_fitting =
        expected.header == HeaderSignature::ok && expected.facts.body_hash != BodyHash::bad;
    EXPECT_EQ(fits(report), is_fitting) << expected.name;
  }
}
TEST(JudgeSignature, TriesEveryFormAndSaysWhichFits) {
  SignatureFacts facts = good();
  facts.flags = {"sha1"};
  facts.repairs = {Repair::lf, Repair::footer};
  facts.forms.insert(facts.forms.begin(), {.digest = crypto::sha256("as it is")});
  facts.forms.back().repair = Repair::fields_on_top;
  const SignatureReport fitting = judge_signature(facts, keyring_of(record(key())));
  EXPECT_EQ(fitting.reason, Reason::none);
  EXPECT_THAT(fitting.flags,
              ElementsAre("sha1", "repaired:lf", "repaired:footer", "repaired:fields-on-top"));
  // Of what does not fit, only what the hash of the body needed is said.
  const SignatureReport other = judge_signature(facts, keyring_of(record(other_key())));
  EXPECT_EQ(other.reason, Reason::headers_altered);
  EXPECT_THAT(other.flags, ElementsAre("sha1", "repaired:footer"));
  const SignatureReport bad =
      judge_signature(with_body(facts, BodyHash::bad), keyring_of(record(other_key())));
  EXPECT_THAT(bad.flags, ElementsAre("sha1"));
}
TEST(JudgeSignature, SaysARepairOnce) {
  SignatureFacts facts = good();
  facts.repairs = {Repair::latin1};
  facts.forms.back().repair = Repair::latin1;
  EXPECT_THAT(judge_signature(facts, keyring_of(record(key()))).flags,
              ElementsAre("repaired:latin-1"));
}
TEST(JudgeSignature, FlagsATestingKeyOnlyIfItIsTheKey) {
  const std::string testing = record(key(), "t=y; ");
  EXPECT_THAT(judge_signature(good(), keyring_of(testing)).flags, ElementsAre("test-key"));
  EXPECT_THAT(
      judge_signature(good(), keyring_of(record(other_key(), "t=y; ") + record(key()))).flags,
      IsEmpty());
}
TEST(JudgeSignature, KnowsTheKeyByNameWithoutCase) {
  EXPECT_EQ(judge_signature(facts_by(key(), "S1"), keyring_of(record(key()))).reason, Reason::none);
  EXPECT_EQ(judge_signature(facts_by(key(), "s2"), keyring_of(record(key()))).reason,
            Reason::key_missing);
}

// Known to be public, under whatever name.
const crypto::PrivateKey& stolen_key() {
  static const crypto::PrivateKey generated =
      crypto::PrivateKey::generate(crypto::KeyKind::rsa, 1024);
  return generated;
}

// One signature for each reason it can have by itself, each with a selector of its own.
std::map<Reason, SignatureFacts> one_of_each() {
  const auto with_selector = [](SignatureFacts facts, const char* selector) {
    facts.selector = selector;
    return facts;
  };
  return {
      {Reason::none, with_selector(good(), "ours")},
      {Reason::body_altered, with_selector(with_body(good(), BodyHash::bad), "ours")},
      {Reason::partial_body, with_selector(good_but(&SignatureFacts::is_partial, true), "ours")},
      {Reason::weak_key, facts_by(weak_key(), "weak")},
      {Reason::key_compromised, facts_by(stolen_key(), "public")},
      {Reason::from_unsigned,
       with_selector(good_but(&SignatureFacts::is_from_unsigned, true), "ours")},
      {Reason::key_missing, with_selector(good(), "missing")},
      {Reason::key_revoked, with_selector(good(), "revoked")},
      {Reason::headers_altered, with_selector(good(), "theirs")},
      {Reason::altered, with_selector(with_body(good(), BodyHash::bad), "theirs")},
      {Reason::malformed, with_selector(good_but(&SignatureFacts::is_malformed, true), "ours")}};
}
Keyring keys_of_each() {
  return keyring_of(
      joined({named(record(key()), "ours"), named(record(other_key()), "theirs"),
              named(record(weak_key()), "weak"), named(compromised(record(stolen_key())), "public"),
              named(std::string(revoked_record), "revoked")}));
}
// The two signatures of a chain of one set.
void add_chain(MessageFacts& facts) {
  for (const SignatureKind kind : {SignatureKind::arc_seal, SignatureKind::arc_message}) {
    facts.signatures.push_back(facts_by(key(), "ours"));
    facts.signatures.back().kind = kind;
    facts.signatures.back().instance = 1;
  }
  facts.arc = {.sets = 1, .is_well_formed = true, .is_dkim_pass = true, .is_aligned = true};
}

TEST(Judge, GivesAMessageTheFirstReasonOfItsSignatures) {
  const Keyring keyring = keys_of_each();
  const std::map<Reason, SignatureFacts> each = one_of_each();
  for (const auto& [first, better] : each) {
    for (const auto& [second, worse] : each) {
      const Report report = judge(MessageFacts{.signatures = {worse, better}, .arc = {}}, keyring);
      EXPECT_EQ(report.signatures.at(0).reason, second);
      EXPECT_EQ(report.signatures.at(1).reason, first);
      EXPECT_EQ(report.reason, std::min(first, second));
      EXPECT_EQ(report.status == Status::verified, report.reason == Reason::none);
    }
  }
}
// The list of reasons in the order that readers are told.
TEST(Judge, HasItsReasonsInOrder) {
  std::string words;
  for (int i = 0; i <= static_cast<int>(Reason::unsigned_); ++i) {
    words += std::string(word(static_cast<Reason>(i))) + "\n";
  }
  EXPECT_EQ(words,
            "\narc-attested\nbody-altered\npartial-body\nweak-key\nkey-compromised\n"
            "from-unsigned\nkey-missing\nkey-revoked\nheaders-altered\naltered\nmalformed\n"
            "unsigned\n");
}
TEST(Judge, HeedsAChainUnlessASignatureVerifies) {
  const Keyring keyring = keys_of_each();
  for (const auto& [reason, signature] : one_of_each()) {
    MessageFacts facts{.signatures = {signature}, .arc = {}};
    add_chain(facts);
    EXPECT_EQ(judge(facts, keyring).reason,
              reason == Reason::none ? Reason::none : Reason::arc_attested);
    facts.arc.is_dkim_pass = false;
    EXPECT_EQ(judge(facts, keyring).reason, reason);
    facts.arc = {.sets = 1, .is_well_formed = false, .is_dkim_pass = true, .is_aligned = true};
    EXPECT_EQ(judge(facts, keyring).reason, reason);
  }
}
TEST(Judge, OfNothingIsUnsigned) {
  const Report report = judge(MessageFacts{}, keys_of_each());
  EXPECT_EQ(report.reason, Reason::unsigned_);
  EXPECT_EQ(report.status, Status::unverified);
  EXPECT_THAT(report.flags, IsEmpty());
  EXPECT_THAT(report.domains, IsEmpty());
  // Nor does a chain that attests nothing count as a signature.
  MessageFacts chain;
  add_chain(chain);
  chain.arc.is_dkim_pass = false;
  EXPECT_EQ(judge(chain, keys_of_each()).reason, Reason::unsigned_);
}

SignatureFacts of_domain(const std::string& domain, std::vector<std::string> flags) {
  SignatureFacts facts = good();
  facts.domain = domain;
  facts.flags = std::move(flags);
  return facts;
}

TEST(Judge, NamesTheDomainsAndFlagsOfWhatVerifies) {
  const std::string ours = record(key());
  const Keyring keyring = keyring_of(joined({ours, replaced(ours, "example.org", "b.example")}));
  const SignatureFacts aligned = of_domain("example.org", {"sha1"});
  const SignatureFacts stranger = of_domain("b.example", {"unaligned", "extra-date"});
  const SignatureFacts broken = with_body(of_domain("example.org", {"expired"}), BodyHash::bad);

  const Report both =
      judge(MessageFacts{.signatures = {aligned, broken, stranger, aligned}, .arc = {}}, keyring);
  EXPECT_THAT(both.domains, ElementsAre("b.example", "example.org"));
  EXPECT_THAT(both.flags, ElementsAre("extra-date", "sha1"));
  EXPECT_EQ(alignment(both), "yes");

  const Report by_stranger =
      judge(MessageFacts{.signatures = {broken, stranger}, .arc = {}}, keyring);
  EXPECT_THAT(by_stranger.domains, ElementsAre("b.example"));
  EXPECT_THAT(by_stranger.flags, ElementsAre("extra-date", "unaligned"));
  EXPECT_EQ(alignment(by_stranger), "no");

  const Report unverified = judge(
      MessageFacts{.signatures = {broken, with_body(stranger, BodyHash::bad)}, .arc = {}}, keyring);
  EXPECT_THAT(unverified.domains, IsEmpty());
  EXPECT_THAT(unverified.flags, ElementsAre("expired", "extra-date"));
  EXPECT_EQ(alignment(unverified), "");
}
TEST(Judge, SaysWhenThereAreMoreSignatures) {
  const Keyring keyring = keyring_of(record(key()));
  const Report cut =
      judge(MessageFacts{.signatures = {good()}, .arc = {}, .is_cut = true}, keyring);
  EXPECT_TRUE(cut.is_cut);
  EXPECT_EQ(cut.status, Status::verified);
  EXPECT_THAT(cut.flags, ElementsAre("signatures"));
  EXPECT_THAT(judge(MessageFacts{.signatures = {good()}, .arc = {}}, keyring).flags,
              Not(Contains("signatures")));
}

}  // namespace
}  // namespace leakfs::dkim
