// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/verdict.h"

#include <algorithm>

namespace leakfs::dkim {
namespace {

Reason reason_of(const SignatureReport& signature, const Flaws& flaws) {
  if (flaws.is_malformed) return Reason::malformed;
  const bool is_body_ok = signature.body_hash == BodyHash::ok;
  switch (signature.header_signature) {
    case HeaderSignature::unknown:
      if (!is_body_ok) return Reason::altered;
      return signature.key == KeyState::revoked ? Reason::key_revoked : Reason::key_missing;
    case HeaderSignature::bad:
      return is_body_ok ? Reason::headers_altered : Reason::altered;
    case HeaderSignature::ok:
      break;
  }
  const bool proves_header = !flaws.is_weak && !flaws.is_compromised && !flaws.is_from_unsigned;
  // "body-altered" says that sender, date and subject are proven; with such a flaw they are not.
  if (!is_body_ok) return proves_header ? Reason::body_altered : Reason::altered;
  if (flaws.is_partial) return Reason::partial_body;
  if (flaws.is_weak) return Reason::weak_key;
  if (flaws.is_compromised) return Reason::key_compromised;
  if (flaws.is_from_unsigned) return Reason::from_unsigned;
  return Reason::none;
}

Outcome outcome_of(const SignatureReport& signature) {
  switch (signature.reason) {
    case Reason::none:
      return Outcome::pass;
    case Reason::partial_body:
    case Reason::weak_key:
    case Reason::key_compromised:
    case Reason::from_unsigned:
      return Outcome::policy;
    case Reason::key_missing:
      return signature.key == KeyState::malformed ? Outcome::permerror : Outcome::neutral;
    case Reason::key_revoked:
    case Reason::malformed:
      return Outcome::permerror;
    case Reason::body_altered:
    case Reason::headers_altered:
    case Reason::altered:
      return Outcome::fail;
    case Reason::arc_attested:
    case Reason::unsigned_:
      break;
  }
  return Outcome::none;
}

void sort_unique(std::vector<std::string>& words) {
  std::ranges::sort(words);
  const auto repeated = std::ranges::unique(words);
  words.erase(repeated.begin(), repeated.end());
}

}  // namespace

void judge(SignatureReport& signature, const Flaws& flaws) {
  signature.reason = reason_of(signature, flaws);
  signature.result = outcome_of(signature);
}

void conclude(Report& report) {
  report.reason = Reason::unsigned_;
  for (const SignatureReport& signature : report.signatures) {
    report.reason = std::min(report.reason, signature.reason);
  }
  report.status = report.reason == Reason::none ? Status::verified : Status::unverified;
  const bool is_verified = report.status == Status::verified;
  bool is_aligned = false;
  for (const SignatureReport& signature : report.signatures) {
    // Of a verified message only what proves it matters.
    if (is_verified && signature.reason != Reason::none) continue;
    if (is_verified) report.domains.push_back(signature.domain);
    is_aligned =
        is_aligned || std::ranges::find(signature.flags, unaligned_flag) == signature.flags.end();
    report.flags.insert(report.flags.end(), signature.flags.begin(), signature.flags.end());
  }
  if (is_aligned) std::erase(report.flags, unaligned_flag);
  if (report.is_cut) report.flags.emplace_back("signatures");
  sort_unique(report.domains);
  sort_unique(report.flags);
}

std::string_view word(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::dkim:
      return "dkim";
    case SignatureKind::domainkeys:
      return "domainkeys";
    case SignatureKind::arc:
      return "arc";
  }
  return {};
}

std::string_view word(BodyHash fact) {
  switch (fact) {
    case BodyHash::none:
      return "none";
    case BodyHash::ok:
      return "ok";
    case BodyHash::bad:
      return "bad";
  }
  return {};
}

std::string_view word(HeaderSignature fact) {
  switch (fact) {
    case HeaderSignature::unknown:
      return "unknown";
    case HeaderSignature::ok:
      return "ok";
    case HeaderSignature::bad:
      return "bad";
  }
  return {};
}

std::string_view word(Outcome outcome) {
  switch (outcome) {
    case Outcome::none:
      return "none";
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::policy:
      return "policy";
    case Outcome::neutral:
      return "neutral";
    case Outcome::permerror:
      return "permerror";
  }
  return {};
}

std::string_view word(Status status) {
  switch (status) {
    case Status::unverified:
      return "unverified";
    case Status::verified:
      return "verified";
  }
  return {};
}

std::string_view word(Reason reason) {
  switch (reason) {
    case Reason::none:
      return "";
    case Reason::arc_attested:
      return "arc-attested";
    case Reason::body_altered:
      return "body-altered";
    case Reason::partial_body:
      return "partial-body";
    case Reason::weak_key:
      return "weak-key";
    case Reason::key_compromised:
      return "key-compromised";
    case Reason::from_unsigned:
      return "from-unsigned";
    case Reason::key_missing:
      return "key-missing";
    case Reason::key_revoked:
      return "key-revoked";
    case Reason::headers_altered:
      return "headers-altered";
    case Reason::altered:
      return "altered";
    case Reason::malformed:
      return "malformed";
    case Reason::unsigned_:
      return "unsigned";
  }
  return {};
}

}  // namespace leakfs::dkim
