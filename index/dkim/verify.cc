// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/verify.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "index/dkim/canonical.h"
#include "index/dkim/organization.h"
#include "index/dkim/signature.h"
#include "index/dkim/tag_list.h"
#include "index/dkim/verdict.h"
#include "index/mail/address.h"

namespace leakfs::dkim {
namespace {

constexpr int rsa_bits_weak = 1024;

// Fields that a reader trusts, or that change what he reads; each that a signature leaves out or
// that was added to it is a flag.
constexpr auto trusted_fields = std::to_array<std::string_view>(
    {"to", "cc", "date", "subject", "reply-to", "content-type", "content-transfer-encoding"});

crypto::Digest hash(Bytes bytes, crypto::DigestKind kind) {
  thread_local crypto::Hasher sha1(crypto::DigestKind::sha1);
  thread_local crypto::Hasher sha256(crypto::DigestKind::sha256);
  crypto::Hasher& hasher = kind == crypto::DigestKind::sha1 ? sha1 : sha256;
  hasher.add(bytes);
  return hasher.finish();
}

// The fields of a message by lower-case name, from bottom to top, as signatures take them.
class FieldIndex {
 public:
  explicit FieldIndex(const mail::Header& header) {
    for (std::size_t i = header.fields.size(); i-- > 0;) {
      by_name_[lower_case(header.fields[i].name)].push_back(&header.fields[i]);
    }
  }

  // The nth field of that name from below, or null.
  const mail::Field* find(const std::string& name, std::size_t nth) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() || nth >= found->second.size() ? nullptr : found->second[nth];
  }
  std::size_t count(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? 0 : found->second.size();
  }

 private:
  std::unordered_map<std::string, std::vector<const mail::Field*>> by_name_;
};

// One message being judged: what its signatures share.
class Verifier {
 public:
  Verifier(Bytes message, const mail::Header& header, std::optional<UnixTime> date,
           const Keyring& keyring)
      : body_(message.substr(header.body_offset)),
        is_header_whole_(!header.flags.is_cut && !header.flags.has_too_many),
        fields_(header),
        date_(date),
        keyring_(keyring) {
    const mail::Field* from = header.first("From");
    if (from == nullptr) return;
    for (const mail::Mailbox& mailbox : mail::parse_addresses(from->value).mailboxes) {
      from_domains_.emplace_back(mail::domain_of(mail::address_key(mailbox.address)));
    }
  }

  SignatureReport verify(const mail::Field& field);

 private:
  const BodyDigest& body_digest(const Signature& signature);
  crypto::Digest signed_digest(const Signature& signature, const mail::Field& own,
                               SignatureReport& report) const;
  const KeyRecord* choose_key(const Signature& signature, SignatureReport& report) const;
  void add_flags(const Signature& signature, SignatureReport& report) const;
  Flaws flaws_of(const Signature& signature, const KeyRecord* key, const BodyDigest& body) const;

  bool is_aligned(const Signature& signature) const;

  Bytes body_;
  bool is_header_whole_;  // a further From cannot be hidden in what was not looked at
  FieldIndex fields_;
  std::optional<UnixTime> date_;
  const Keyring& keyring_;
  std::vector<std::string> from_domains_;  // of every author (RFC 5322 §3.6.2)
  std::vector<std::pair<BodyHashRequest, BodyDigest>> body_digests_;
};

// A body is hashed once however many signatures ask for the same hash.
const BodyDigest& Verifier::body_digest(const Signature& signature) {
  const BodyHashRequest request{.how = signature.body,
                                .digest = signature.digest,
                                .length_max = signature.body_length.value_or(UINT64_MAX)};
  for (const auto& [known, digest] : body_digests_) {
    if (known.how == request.how && known.digest == request.digest &&
        known.length_max == request.length_max) {
      return digest;
    }
  }
  return body_digests_.emplace_back(request, hash_body(body_, request)).second;
}

// RFC 6376 §3.7; fields of one name are taken from the bottom up (§5.4.2), and a name more often
// than the field stands for its absence.
crypto::Digest Verifier::signed_digest(const Signature& signature, const mail::Field& own,
                                       SignatureReport& report) const {
  ByteString input;
  std::unordered_map<std::string_view, std::size_t> taken;
  for (const std::string& name : signature.fields) {
    std::size_t& nth = taken[name];
    const bool is_repeated = nth > 0;
    const mail::Field* field = fields_.find(name, nth++);
    // §3.5: "dkim-signature" in h= means the others.
    if (field == &own) field = fields_.find(name, nth++);
    if (field == nullptr) continue;
    append_header(input, field->raw, signature.header);
    if (!is_repeated) report.fields.push_back(name);
  }
  append_own_field(input, own, signature.header);
  return hash(input, signature.digest);
}

bool is_for(const KeyRecord& record, const Signature& signature) {
  constexpr std::array<std::string_view, 2> names = {"sha1", "sha256"};
  const std::string_view name = names[static_cast<std::size_t>(signature.digest)];
  const std::vector<std::string>& allowed = record.hash_algorithms;
  return record.key && record.key->kind() == signature.key_kind && record.is_for_email &&
         (allowed.empty() || std::ranges::find(allowed, name) != allowed.end());
}

// Tries each record of the name: the one that verifies, else the first that could have. Sets the
// facts about key and header signature.
const KeyRecord* Verifier::choose_key(const Signature& signature, SignatureReport& report) const {
  const KeyRecord* tried = nullptr;
  for (const KeyRecord& record : keyring_.find(signature.selector, signature.domain)) {
    if (!is_for(record, signature)) {
      // The best that can be said without a usable record.
      if (tried == nullptr && report.key != KeyState::revoked) {
        report.key =
            record.state == KeyRecord::State::revoked ? KeyState::revoked : KeyState::malformed;
      }
      continue;
    }
    if (tried == nullptr) tried = &record;
    report.key = KeyState::found;
    report.header_signature = HeaderSignature::bad;
    if (record.key->verify(report.signed_digest, signature.digest, signature.signature)) {
      report.header_signature = HeaderSignature::ok;
      tried = &record;
      break;
    }
  }
  if (tried != nullptr) report.key_bits = tried->key->bits();
  return tried;
}

// A signature speaks for the authors if it does for each of them.
bool Verifier::is_aligned(const Signature& signature) const {
  return !from_domains_.empty() &&
         std::ranges::all_of(from_domains_, [&signature](const std::string& domain) {
           return is_same_organization(signature.domain, domain);
         });
}

void Verifier::add_flags(const Signature& signature, SignatureReport& report) const {
  if (signature.digest == crypto::DigestKind::sha1) report.flags.emplace_back("sha1");
  if (signature.is_draft) report.flags.emplace_back("draft");
  const std::optional<UnixTime> clock = signature.time ? signature.time : date_;
  if (signature.expiration && clock && *clock > *signature.expiration) {
    report.flags.emplace_back("expired");
  }
  if (!is_aligned(signature)) report.flags.emplace_back(unaligned_flag);
  for (const std::string_view trusted : trusted_fields) {
    const std::string name(trusted);
    const std::size_t present = fields_.count(name);
    const auto named = static_cast<std::size_t>(std::ranges::count(signature.fields, name));
    if (present == 0 || named >= present) continue;
    report.flags.push_back(fmt::format("{}-{}", named == 0 ? "unsigned" : "extra", name));
  }
}

Flaws Verifier::flaws_of(const Signature& signature, const KeyRecord* key,
                         const BodyDigest& body) const {
  Flaws flaws;
  flaws.is_partial = body.hashed < body.size;
  if (key != nullptr) {
    flaws.is_weak = key->key->kind() == crypto::KeyKind::rsa && key->key->bits() < rsa_bits_weak;
    flaws.is_compromised = key->compromised_since.has_value();
  }
  const std::string& identity = signature.identity_domain;
  const bool is_identity_own = identity == signature.domain;
  const bool is_identity_below = identity.ends_with("." + signature.domain);
  const bool is_strict = key != nullptr && key->is_strict;
  flaws.is_from_unsigned = std::ranges::find(signature.fields, "from") == signature.fields.end() ||
                           fields_.count("from") != 1 || !is_header_whole_ ||
                           !(is_identity_own || (is_identity_below && !is_strict));
  return flaws;
}

SignatureReport Verifier::verify(const mail::Field& field) {
  const Signature signature = parse_signature(field.value);
  SignatureReport report;
  report.domain = signature.domain;
  report.selector = signature.selector;
  report.algorithm = signature.algorithm;
  if (signature.is_malformed) {
    judge(report, {.is_malformed = true});
    return report;
  }
  constexpr std::array<std::string_view, 2> names = {"simple", "relaxed"};
  report.canonicalization = fmt::format("{}/{}", names[static_cast<std::size_t>(signature.header)],
                                        names[static_cast<std::size_t>(signature.body)]);
  const BodyDigest& body = body_digest(signature);
  // §3.5: l= larger than the body is an error of the signature.
  const bool is_short = signature.body_length && *signature.body_length > body.size;
  const bool is_same = body.digest.bytes() == Bytes(signature.body_hash);
  report.body_hash = is_same && !is_short ? BodyHash::ok : BodyHash::bad;
  report.signed_digest = signed_digest(signature, field, report);
  const KeyRecord* key = choose_key(signature, report);
  add_flags(signature, report);
  if (key != nullptr && key->is_testing) report.flags.emplace_back("test-key");
  judge(report, flaws_of(signature, key, body));
  return report;
}

}  // namespace

Report verify(Bytes message, const mail::Header& header, std::optional<UnixTime> date,
              const Keyring& keyring) {
  Report report;
  std::optional<Verifier> verifier;
  for (const mail::Field& field : header.fields) {
    if (!field.is("DKIM-Signature")) continue;
    if (report.signatures.size() == signatures_max) {
      report.is_cut = true;
      break;
    }
    if (!verifier) verifier.emplace(message, header, date, keyring);
    report.signatures.push_back(verifier->verify(field));
  }
  conclude(report);
  return report;
}

}  // namespace leakfs::dkim
