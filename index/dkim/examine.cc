// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/examine.h"

#include <algorithm>

#include <fmt/format.h>

#include "index/dkim/organization.h"
#include "index/dkim/report.h"
#include "index/dkim/tag_list.h"
#include "index/mail/address.h"

namespace leakfs::dkim {
namespace {

std::optional<SignatureKind> kind_of(const mail::Field& field) {
  if (field.is("DKIM-Signature")) return SignatureKind::dkim;
  if (field.is("DomainKey-Signature")) return SignatureKind::domainkeys;
  if (field.is("ARC-Message-Signature")) return SignatureKind::arc_message;
  if (field.is("ARC-Seal")) return SignatureKind::arc_seal;
  return std::nullopt;
}

bool is_within(std::string_view domain, std::string_view parent) {
  return domain == parent || (domain.ends_with(parent) && domain.size() > parent.size() &&
                              domain[domain.size() - parent.size() - 1] == '.');
}

std::string first_address(const mail::Field& field) {
  for (const mail::Mailbox& mailbox : mail::parse_addresses(field.value).mailboxes) {
    std::string address = mail::address_key(mailbox.address);
    if (!address.empty()) return address;
  }
  return {};
}

// Whether lines of the header end in CR CR LF. Then all do, and nothing else could be read.
bool has_double_cr(const mail::Header& header) {
  return !header.fields.empty() && header.fields.front().raw.ends_with("\r\r\n");
}

}  // namespace

bool has_signatures(const mail::Header& header) {
  return std::ranges::any_of(header.fields,
                             [](const mail::Field& field) { return kind_of(field).has_value(); });
}

Examination::Examination(Bytes message, const mail::Header& header, std::optional<UnixTime> date)
    : single_cr_(has_double_cr(header) ? without_double_cr(message) : std::nullopt),
      single_cr_header_(single_cr_ ? mail::parse_header(*single_cr_) : mail::Header()),
      header_(single_cr_ ? single_cr_header_ : header),
      body_((single_cr_ ? Bytes(*single_cr_) : message).substr(header_.body_offset)),
      fields_(header_),
      date_(date),
      arc_(header_) {
  collect_fields();
  if (items_.empty()) return;
  if (single_cr_) stored_as_.push_back(Repair::cr_cr_lf);
  const Bytes whole = single_cr_ ? Bytes(*single_cr_) : message;
  const bool is_wire = !header_.fields.empty() && header_.fields.front().raw.ends_with("\r\n");
  if (has_bare_lf(whole.substr(header_.start))) {
    has_both_line_ends_ = is_wire;
    if (!is_wire) stored_as_.push_back(Repair::lf);
  }
  if (header_.flags.has_from_line) stored_as_.push_back(Repair::from_line);
  if (header_.flags.has_junk) stored_as_.push_back(Repair::junk);
  if (const mail::Field* from = header_.first("From"); from != nullptr) {
    for (const mail::Mailbox& mailbox : mail::parse_addresses(from->value).mailboxes) {
      // "Smith, John <js@example.org>" without quotes has an author without an address.
      std::string domain(mail::domain_of(mail::address_key(mailbox.address)));
      if (!domain.empty()) author_domains_.push_back(std::move(domain));
    }
  }
  hash_all_bodies();
}

void Examination::collect_fields() {
  std::size_t own = 0;
  std::size_t arc = 0;
  for (const mail::Field& field : header_.fields) {
    const std::optional<SignatureKind> kind = kind_of(field);
    if (!kind) continue;
    std::size_t& count = is_arc(*kind) ? arc : own;
    if (count == (is_arc(*kind) ? std::size_t{2} * arc_sets_max : signatures_max)) {
      is_cut_ = true;
      continue;
    }
    ++count;
    items_.push_back({.field = &field, .signature = parse_signature(*kind, field.value)});
  }
}

// A body is hashed once however many signatures ask for the same hash, in one pass over it.
void Examination::hash_all_bodies() {
  for (const Item& item : items_) {
    if (item.signature.is_malformed || !item.signature.body_hash) continue;
    const BodyHashRequest request = body_hash_request(item.signature);
    if (std::ranges::find(body_requests_, request) == body_requests_.end()) {
      body_requests_.push_back(request);
    }
  }
  body_digests_ = hash_bodies(body_, body_requests_);
}

const BodyDigest& Examination::body_digest(const Signature& signature) const {
  const auto found = std::ranges::find(body_requests_, body_hash_request(signature));
  return body_digests_[static_cast<std::size_t>(found - body_requests_.begin())];
}

std::optional<crypto::Digest> Examination::body_hash(std::size_t index) const {
  if (index >= items_.size()) return std::nullopt;
  const Signature& signature = items_[index].signature;
  if (signature.is_malformed || !signature.body_hash) return std::nullopt;
  return body_digest(signature).digest;
}

MessageFacts Examination::facts() const {
  MessageFacts facts;
  facts.is_cut = is_cut_;
  std::vector<Signature> seals(arc_.sets().size());
  for (const Item& item : items_) {
    facts.signatures.push_back(facts_of(item));
    const Signature& signature = item.signature;
    if (signature.kind == SignatureKind::arc_seal && signature.instance > 0) {
      seals[signature.instance - 1] = signature;
    }
  }
  facts.arc = arc_.chain(seals, author_domains_);
  return facts;
}

SignatureFacts Examination::facts_of(const Item& item) const {
  const Signature& signature = item.signature;
  SignatureFacts facts{.kind = signature.kind,
                       .is_malformed = signature.is_malformed,
                       .domain = signature.domain,
                       .selector = signature.selector,
                       .algorithm = signature.algorithm,
                       .instance = signature.instance};
  if (signature.is_malformed) return facts;
  facts.canonicalization = canonicalization_of(signature);
  facts.signature = signature.signature;
  facts.repairs = stored_as_;
  const Selection selection = select(item, false);
  facts.forms.push_back(plain_form(item, selection));
  if (signature.body_hash) {
    put_body_hash(signature, facts);
  } else {
    facts.is_partial = is_cut_by_length(signature, body_);
  }
  put_coverage(item, selection, facts);
  put_flags(signature, facts);
  return facts;
}

void Examination::put_body_hash(const Signature& signature, SignatureFacts& facts) const {
  const BodyDigest& body = body_digest(signature);
  // RFC 6376 §3.5: l= larger than the body is an error of the signature.
  const bool is_short = signature.body_length && *signature.body_length > body.size;
  const bool is_same = body.digest.bytes() == Bytes(*signature.body_hash);
  facts.body_hash = is_same && !is_short ? BodyHash::ok : BodyHash::bad;
  if (has_both_line_ends_ && facts.body_hash == BodyHash::ok) facts.repairs.push_back(Repair::lf);
  facts.is_partial = body.hashed < body.size;
}

void Examination::put_coverage(const Item& item, const Selection& selection,
                               SignatureFacts& facts) const {
  const Signature& signature = item.signature;
  if (signature.kind == SignatureKind::arc_seal) return;  // of other seals, not of the message
  facts.fields = selection.names;
  // A further From cannot be hidden in what was not looked at.
  const bool is_header_whole = !header_.flags.is_cut && !header_.flags.has_too_many;
  facts.is_from_unsigned =
      selection.count("from") == 0 || fields_.count("from") != 1 || !is_header_whole;
  if (signature.kind == SignatureKind::domainkeys) {
    put_sender(signature, selection, facts);
  } else {
    facts.is_identity_below = signature.identity_domain != signature.domain;
    facts.is_from_unsigned |= !is_within(signature.identity_domain, signature.domain);
  }
  if (is_arc(signature.kind)) return;
  for (const std::string_view trusted : trusted_fields) {
    if (trusted == "from") continue;  // more than a flag
    const std::string name(trusted);
    const std::size_t covered = selection.count(name);
    if (covered >= fields_.count(name)) continue;
    facts.flags.push_back(fmt::format("{}-{}", covered == 0 ? "unsigned" : "extra", name));
  }
}

// RFC 4870 §3.3: d= is the domain of the sender or a parent of it. The sender is in Sender, else in
// From, of what is signed.
void Examination::put_sender(const Signature& signature, const Selection& selection,
                             SignatureFacts& facts) const {
  std::string sender;
  for (const char* name : {"Sender", "From"}) {
    for (const mail::Field* field : selection.fields) {
      if (sender.empty() && field->is(name)) sender = first_address(*field);
    }
  }
  const std::string_view domain = mail::domain_of(sender);
  facts.is_from_unsigned |= !is_within(domain, signature.domain);
  facts.local_part = sender.substr(0, sender.size() - std::min(sender.size(), domain.size() + 1));
}

void Examination::put_flags(const Signature& signature, SignatureFacts& facts) const {
  switch (signature.kind) {
    case SignatureKind::arc_message:
      facts.flags.push_back(fmt::format("message-signature:{}", signature.instance));
      break;
    case SignatureKind::arc_seal:
      facts.flags.push_back(fmt::format("seal:{}", signature.instance));
      break;
    case SignatureKind::dkim:
    case SignatureKind::domainkeys:
      if (!is_aligned(signature.domain)) facts.flags.emplace_back(unaligned_flag);
      if (signature.is_draft) facts.flags.emplace_back("draft");
      break;
  }
  if (signature.how.digest == crypto::DigestKind::sha1) facts.flags.emplace_back("sha1");
  const std::optional<UnixTime> clock = signature.time ? signature.time : date_;
  if (signature.expiration && clock && *clock > *signature.expiration) {
    facts.flags.emplace_back("expired");
  }
}

// A signature speaks for the authors if it does for each of them.
bool Examination::is_aligned(const std::string& domain) const {
  return !author_domains_.empty() &&
         std::ranges::all_of(author_domains_, [&domain](const std::string& author) {
           return is_same_organization(domain, author);
         });
}

}  // namespace leakfs::dkim
