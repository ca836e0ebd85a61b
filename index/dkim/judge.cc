// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/judge.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "index/dkim/tag_value.h"

namespace leakfs::dkim {
namespace {

constexpr int rsa_bits_weak = 1024;

bool has_flag(const std::vector<std::string>& flags, std::string_view flag) {
  return std::ranges::find(flags, flag) != flags.end();
}

bool is_for(const KeyRecord& record, const SignatureFacts& facts, const Algorithm& algorithm) {
  constexpr std::array<std::string_view, 2> names = {"sha1", "sha256"};
  const std::string_view name = names[static_cast<std::size_t>(algorithm.digest)];
  if (!record.key || record.key->kind() != algorithm.key || !record.is_for_email) return false;
  // RFC 4870 §3.2.3; RFC 6376 has done away with g=.
  if (facts.kind == SignatureKind::domainkeys && !record.allows_local_part(facts.local_part)) {
    return false;
  }
  return record.hash_algorithms.empty() ||
         std::ranges::find(record.hash_algorithms, name) != record.hash_algorithms.end();
}

// The number of the form that the record's key fits.
std::optional<unsigned> fitting_form(const KeyRecord& record, const SignatureFacts& facts,
                                     const Algorithm& algorithm) {
  for (unsigned i = 0; i < facts.forms.size(); ++i) {
    if (record.key->verify(facts.forms[i].digest, algorithm.digest, facts.signature)) return i;
  }
  return std::nullopt;
}

// Tries each record of the name: the one that fits, else the first that could have. Sets the facts
// about key and header signature.
void try_keys(SignatureReport& report, const Keyring& keyring) {
  const SignatureFacts& facts = report.facts;
  const std::optional<Algorithm> algorithm = parse_algorithm(facts.algorithm);
  if (!algorithm) return;
  const std::span<const KeyRecord> records = keyring.find(facts.selector, facts.domain);
  for (unsigned i = 0; i < records.size(); ++i) {
    const KeyRecord& record = records[i];
    if (!is_for(record, facts, *algorithm)) {
      // The best that can be said without a usable record.
      if (report.key == KeyState::missing || report.key == KeyState::malformed) {
        report.key =
            record.state == KeyRecord::State::revoked ? KeyState::revoked : KeyState::malformed;
      }
      continue;
    }
    const std::optional<unsigned> form = fitting_form(record, facts, *algorithm);
    if (!form && report.key == KeyState::found) continue;
    report.key = KeyState::found;
    report.key_bits = record.key->bits();
    report.key_record = i;
    report.header_signature = form ? HeaderSignature::ok : HeaderSignature::bad;
    report.form = form.value_or(0);
    if (form) return;
  }
}

// What is wrong with a signature that fits.
struct Flaws {
  bool is_weak = false;
  bool is_compromised = false;
  bool is_from_unsigned = false;

  bool any() const { return is_weak || is_compromised || is_from_unsigned; }
};

Flaws flaws_of(const SignatureFacts& facts, const KeyRecord* record) {
  Flaws flaws{.is_from_unsigned = facts.is_from_unsigned};
  if (record == nullptr) return flaws;
  flaws.is_weak =
      record->key->kind() == crypto::KeyKind::rsa && record->key->bits() < rsa_bits_weak;
  flaws.is_compromised = record->compromised_since.has_value();
  flaws.is_from_unsigned |= facts.is_identity_below && record->is_strict;
  return flaws;
}

Reason reason_of(const SignatureReport& report, const Flaws& flaws) {
  const SignatureFacts& facts = report.facts;
  if (facts.is_malformed) return Reason::malformed;
  const bool is_body_bad = facts.body_hash == BodyHash::bad;
  switch (report.header_signature) {
    case HeaderSignature::unknown:
      if (is_body_bad) return Reason::altered;
      return report.key == KeyState::revoked ? Reason::key_revoked : Reason::key_missing;
    case HeaderSignature::bad:
      // Where the body is hashed along, nobody can say which of the two was changed.
      return facts.body_hash == BodyHash::ok ? Reason::headers_altered : Reason::altered;
    case HeaderSignature::ok:
      break;
  }
  // "body-altered" says that sender, date and subject are proven; with a flaw they are not.
  if (is_body_bad) return flaws.any() ? Reason::altered : Reason::body_altered;
  if (facts.is_partial) return Reason::partial_body;
  if (flaws.is_weak) return Reason::weak_key;
  if (flaws.is_compromised) return Reason::key_compromised;
  if (flaws.is_from_unsigned) return Reason::from_unsigned;
  return Reason::none;
}

Outcome outcome_of(const SignatureReport& report) {
  switch (report.reason) {
    case Reason::none:
    case Reason::arc_attested:
      return Outcome::pass;
    case Reason::partial_body:
    case Reason::weak_key:
    case Reason::key_compromised:
    case Reason::from_unsigned:
      return Outcome::policy;
    case Reason::key_missing:
      return report.key == KeyState::malformed ? Outcome::permerror : Outcome::neutral;
    case Reason::key_revoked:
    case Reason::malformed:
      return Outcome::permerror;
    case Reason::body_altered:
    case Reason::headers_altered:
    case Reason::altered:
      return Outcome::fail;
    case Reason::unsigned_:
      break;
  }
  return Outcome::none;
}

// Whether the chain holds (RFC 8617 §5.2): the newest message signature and every seal, by keys
// that prove something.
bool is_chain_good(const Report& report) {
  if (!report.arc.is_well_formed) return false;
  unsigned seals = 0;
  bool is_newest_good = false;
  for (const SignatureReport& signature : report.signatures) {
    const SignatureFacts& facts = signature.facts;
    if (signature.reason != Reason::none) continue;
    seals += facts.kind == SignatureKind::arc_seal ? 1 : 0;
    is_newest_good |= facts.kind == SignatureKind::arc_message && facts.instance == report.arc.sets;
  }
  return is_newest_good && seals == report.arc.sets;
}

// RFC 8617 §5.2: the lowest instance from which on all message signatures fit.
void flag_oldest_pass(Report& report) {
  std::vector<SignatureReport*> by_instance(report.arc.sets);
  for (SignatureReport& signature : report.signatures) {
    const unsigned instance = signature.facts.instance;
    const bool is_good =
        signature.facts.kind == SignatureKind::arc_message && signature.reason == Reason::none;
    if (is_good && instance > 0 && instance <= report.arc.sets)
      by_instance[instance - 1] = &signature;
  }
  std::size_t oldest = by_instance.size();
  while (oldest > 0 && by_instance[oldest - 1] != nullptr) --oldest;
  if (oldest < by_instance.size()) by_instance[oldest]->flags.emplace_back("oldest-pass");
}

void judge_chain(Report& report) {
  if (!is_chain_good(report)) return;
  flag_oldest_pass(report);
  if (!report.arc.is_dkim_pass) return;
  for (SignatureReport& signature : report.signatures) {
    const bool is_good = is_arc(signature.facts.kind) && signature.reason == Reason::none;
    if (is_good) signature.reason = Reason::arc_attested;
  }
}

void sort_unique(std::vector<std::string>& words) {
  std::ranges::sort(words);
  const auto repeated = std::ranges::unique(words);
  words.erase(repeated.begin(), repeated.end());
}

}  // namespace

SignatureReport judge_signature(SignatureFacts facts, const Keyring& keyring) {
  SignatureReport report{.facts = std::move(facts)};
  const SignatureFacts& known = report.facts;
  report.flags = known.flags;
  if (!known.is_malformed) try_keys(report, keyring);
  const KeyRecord* record = used_record(report, keyring);
  report.reason = reason_of(report, flaws_of(known, record));
  report.result = outcome_of(report);
  if (record != nullptr && record->is_testing) report.flags.emplace_back("test-key");
  const bool is_header_ok = report.header_signature == HeaderSignature::ok;
  std::vector<Repair> undone;
  if (is_header_ok || known.body_hash == BodyHash::ok) undone = known.repairs;
  // Of a signature that does not fit, only what the hash of its body needed.
  if (!is_header_ok) std::erase_if(undone, [](Repair repair) { return repair <= Repair::junk; });
  if (is_header_ok) undone.push_back(known.forms[report.form].repair);
  for (const Repair repair : undone) {
    const std::string flag = fmt::format("repaired:{}", word(repair));
    if (repair != Repair::none && !has_flag(report.flags, flag)) report.flags.push_back(flag);
  }
  return report;
}

const KeyRecord* used_record(const SignatureReport& signature, const Keyring& keyring) {
  if (signature.key != KeyState::found) return nullptr;
  const std::span<const KeyRecord> records =
      keyring.find(signature.facts.selector, signature.facts.domain);
  if (signature.key_record >= records.size()) return nullptr;
  const KeyRecord& record = records[signature.key_record];
  return record.key ? &record : nullptr;
}

bool fits(const SignatureReport& signature) {
  return signature.header_signature == HeaderSignature::ok &&
         signature.facts.body_hash != BodyHash::bad;
}

void conclude(Report& report) {
  judge_chain(report);
  report.reason = Reason::unsigned_;
  for (const SignatureReport& signature : report.signatures) {
    // Of a chain only what it attests counts: it is not the sender's.
    if (is_arc(signature.facts.kind) && signature.reason != Reason::arc_attested) continue;
    report.reason = std::min(report.reason, signature.reason);
  }
  report.status = report.reason == Reason::none ? Status::verified : Status::unverified;
  const bool is_verified = report.status == Status::verified;
  bool is_aligned = report.reason == Reason::arc_attested && report.arc.is_aligned;
  for (const SignatureReport& signature : report.signatures) {
    if (is_arc(signature.facts.kind)) continue;
    // Of a verified message only what proves it matters.
    if (is_verified && signature.reason != Reason::none) continue;
    if (is_verified) report.domains.push_back(signature.facts.domain);
    is_aligned =
        is_aligned || (!signature.facts.is_malformed && !has_flag(signature.flags, unaligned_flag));
    report.flags.insert(report.flags.end(), signature.flags.begin(), signature.flags.end());
  }
  if (is_aligned) {
    std::erase(report.flags, unaligned_flag);
  } else if (report.reason == Reason::arc_attested) {
    report.flags.emplace_back(unaligned_flag);
  }
  if (report.is_cut) report.flags.emplace_back("signatures");
  sort_unique(report.domains);
  sort_unique(report.flags);
}

Report judge(MessageFacts facts, const Keyring& keyring) {
  Report report{.arc = facts.arc, .is_cut = facts.is_cut};
  for (SignatureFacts& signature : facts.signatures) {
    report.signatures.push_back(judge_signature(std::move(signature), keyring));
  }
  conclude(report);
  return report;
}

std::string_view alignment(const Report& report) {
  if (report.status != Status::verified) return {};
  return has_flag(report.flags, unaligned_flag) ? "no" : "yes";
}

}  // namespace leakfs::dkim
