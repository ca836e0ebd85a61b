// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "index/dkim/report.h"

namespace leakfs::dkim {
namespace {

struct Shown {
  std::string_view field;
  std::string_view title;
};
// What a reader looks at, in the order of a front.
constexpr auto shown_fields = std::to_array<Shown>(
    {{"from", "From"}, {"to", "To"}, {"cc", "Cc"}, {"date", "Date"}, {"subject", "Subject"}});

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

void append_item(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

// A field that was added is the one that a reader sees, so the signature says nothing of it.
std::string covered(const SignatureReport& signature) {
  std::string list;
  for (const Shown& shown : shown_fields) {
    const bool is_signed = has(signature.facts.fields, shown.field);
    if (is_signed && !has(signature.flags, fmt::format("extra-{}", shown.field))) {
      append_item(list, shown.title);
    }
  }
  return list;
}

// Which part of the body a signature covers that makes a message verified.
std::string_view covered_body(const SignatureReport& signature) {
  return has(signature.flags, "repaired:footer") ? " and the body above a footer that was added"
                                                 : " and the whole body";
}

// The repairs that a reader has to know of. That mail is kept with other line ends does not change
// what he reads, and a footer is said where the body is.
std::string undone(const SignatureReport& signature) {
  constexpr std::string_view prefix = "repaired:";
  std::string list;
  for (const std::string& flag : signature.flags) {
    if (!flag.starts_with(prefix)) continue;
    const std::string_view how = std::string_view(flag).substr(prefix.size());
    if (how != word(Repair::lf) && how != word(Repair::footer)) append_item(list, how);
  }
  return list;
}

// "Content-Type" of "content-type"
std::string title_of(std::string_view field) {
  std::string title(field);
  for (std::size_t i = 0; i < title.size(); ++i) {
    const bool is_first = i == 0 || title[i - 1] == '-';
    if (is_first && title[i] >= 'a' && title[i] <= 'z') title[i] = static_cast<char>(title[i] - 32);
  }
  return title;
}

// The titles of the fields that a flag of that kind names.
std::string flagged(const SignatureReport& signature, std::string_view kind) {
  std::string list;
  for (const std::string& flag : signature.flags) {
    if (flag.starts_with(kind)) append_item(list, title_of(flag.substr(kind.size())));
  }
  return list;
}

// Who signed what: "example.org (dkim, selector s1, rsa-sha256, 2048 bits): From, To".
std::string signed_by(const SignatureReport& signature) {
  return fmt::format("{} ({}, selector {}, {}, {} bits): {}", signature.facts.domain,
                     word(signature.facts.kind), signature.facts.selector,
                     signature.facts.algorithm, signature.key_bits, covered(signature));
}

// What the signature says nothing of, and what was undone for it.
std::string remarks(const SignatureReport& signature) {
  std::string text;
  const std::string added = flagged(signature, "extra-");
  const std::string left_out = flagged(signature, "unsigned-");
  const std::string repairs = undone(signature);
  if (!added.empty()) text += "; added outside the signature: " + added;
  if (!left_out.empty()) text += "; not signed: " + left_out;
  if (!repairs.empty()) text += "; undone first: " + repairs;
  return text;
}

std::string_view plain_words(Reason reason) {
  switch (reason) {
    case Reason::body_altered:
      return "the body was changed after signing";
    case Reason::partial_body:
      return "the signature is good, but leaves a part of the body unsigned";
    case Reason::weak_key:
      return "the signature is good, but its key is short enough to be broken";
    case Reason::key_compromised:
      return "the signature is good, but anyone can have made it: its private key is public";
    case Reason::from_unsigned:
      return "the signature is good, but does not cover the sender";
    case Reason::key_missing:
      return "nothing contradicts the signature, but the signer's key is not on file";
    case Reason::key_revoked:
      return "nothing contradicts the signature, but the signer withdrew the key";
    case Reason::headers_altered:
      return "the body is as it was signed, but a signed header field was changed";
    case Reason::altered:
      return "the mail was changed after signing";
    case Reason::malformed:
      return "its signature cannot be read";
    case Reason::unsigned_:
      return "it carries no signature";
    case Reason::arc_attested:  // its line names the receiver
    case Reason::none:
      break;
  }
  return {};
}

// The one of the signatures with that reason that says the most: the sender's own before a
// stranger's, one with the body whole before one with a footer. Null if there is none.
const SignatureReport* best_of(const Report& report, Reason reason) {
  const auto rank = [](const SignatureReport& signature) {
    return std::pair(has(signature.flags, unaligned_flag), has(signature.flags, "repaired:footer"));
  };
  const SignatureReport* best = nullptr;
  for (const SignatureReport& signature : report.signatures) {
    if (signature.reason != reason || is_arc(signature.facts.kind)) continue;
    if (best == nullptr || rank(signature) < rank(*best)) best = &signature;
  }
  return best;
}

// The first receiver of a chain.
std::string_view first_sealer(const Report& report) {
  for (const SignatureReport& signature : report.signatures) {
    const SignatureFacts& facts = signature.facts;
    if (facts.kind == SignatureKind::arc_seal && facts.instance == 1) return facts.domain;
  }
  return {};
}

std::string unverified_line(const Report& report) {
  std::string text = fmt::format("no, {}: {}", word(report.reason), plain_words(report.reason));
  if (report.reason == Reason::arc_attested) {
    return fmt::format("no, {}: {} vouches that the signature was good when the mail came in",
                       word(report.reason), first_sealer(report));
  }
  const SignatureReport* proof =
      report.reason == Reason::body_altered ? best_of(report, report.reason) : nullptr;
  if (proof != nullptr) text += "; proven by " + signed_by(*proof) + remarks(*proof);
  return text;
}

}  // namespace

std::string verified_line(const Report& report, std::string_view from_address) {
  if (report.status == Status::unverified) return unverified_line(report);
  const SignatureReport* best = best_of(report, Reason::none);
  if (best == nullptr) return "yes";
  const std::string what = signed_by(*best) + std::string(covered_body(*best)) + remarks(*best);
  if (!has(best->flags, unaligned_flag)) return "yes, by " + what;
  const std::size_t domain = best->facts.domain.size();
  return fmt::format("by {} only; this does not prove the sender {}{}", best->facts.domain,
                     from_address.empty() ? "unknown" : from_address, what.substr(domain));
}

}  // namespace leakfs::dkim
