// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

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
  return list + " and the whole body";
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

std::string details(const SignatureReport& signature) {
  std::string text = fmt::format("({}, selector {}, {}, {} bits): {}", word(signature.facts.kind),
                                 signature.facts.selector, signature.facts.algorithm,
                                 signature.key_bits, covered(signature));
  const std::string added = flagged(signature, "extra-");
  const std::string left_out = flagged(signature, "unsigned-");
  if (!added.empty()) text += "; added outside the signature: " + added;
  if (!left_out.empty()) text += "; not signed: " + left_out;
  return text;
}

std::string_view plain_words(Reason reason) {
  switch (reason) {
    case Reason::arc_attested:
      return "a receiver vouches that the signature was good when the mail came in";
    case Reason::body_altered:
      return "the signed fields are proven, but the body was changed after signing";
    case Reason::partial_body:
      return "the signature is good, but leaves a part of the body unsigned";
    case Reason::weak_key:
      return "the signature is good, but its key is short enough to be broken";
    case Reason::key_compromised:
      return "the signature is good, but anyone can have made it: its private key is public";
    case Reason::from_unsigned:
      return "the signature is good, but does not cover the sender";
    case Reason::key_missing:
      return "the body is as it was signed, but the signer's key is not on file";
    case Reason::key_revoked:
      return "the body is as it was signed, but the signer withdrew the key";
    case Reason::headers_altered:
      return "the body is as it was signed, but a signed header field was changed";
    case Reason::altered:
      return "the mail was changed after signing";
    case Reason::malformed:
      return "its signature cannot be read";
    case Reason::unsigned_:
      return "it carries no signature";
    case Reason::none:
      break;
  }
  return {};
}

}  // namespace

std::string verified_line(const Report& report, std::string_view from_address) {
  if (report.status == Status::unverified) {
    return fmt::format("no, {}: {}", word(report.reason), plain_words(report.reason));
  }
  const SignatureReport* best = nullptr;
  for (const SignatureReport& signature : report.signatures) {
    if (signature.reason != Reason::none) continue;
    // The sender's own signature says more than a stranger's.
    if (best == nullptr ||
        (has(best->flags, unaligned_flag) && !has(signature.flags, unaligned_flag))) {
      best = &signature;
    }
  }
  if (best == nullptr) return "yes";
  if (!has(best->flags, unaligned_flag)) {
    return fmt::format("yes, by {} {}", best->facts.domain, details(*best));
  }
  return fmt::format("by {} only; this does not prove the sender {} {}", best->facts.domain,
                     from_address.empty() ? "unknown" : from_address, details(*best));
}

}  // namespace leakfs::dkim
