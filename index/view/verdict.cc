// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/verdict.h"

#include <algorithm>

#include "index/dkim/tag_value.h"
#include "index/store/lmdb.h"
#include "index/store/records.h"

namespace leakfs::view {
namespace {

using Strings = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;

std::vector<std::string> strings_of(const Strings* strings) {
  std::vector<std::string> result;
  if (strings == nullptr) return result;
  for (const flatbuffers::String* string : *strings) result.emplace_back(store::text_of(string));
  return result;
}

template <typename Enumeration>
std::uint8_t number(Enumeration value) {
  return static_cast<std::uint8_t>(value);
}

std::vector<std::uint8_t> octets(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

std::vector<std::uint8_t> pack_forms(const std::vector<dkim::SignedForm>& forms) {
  std::vector<std::uint8_t> packed;
  for (const dkim::SignedForm& form : forms) {
    packed.push_back(number(form.repair));
    for (const char byte : store::key_of(form.size)) {
      packed.push_back(static_cast<std::uint8_t>(byte));
    }
    const Bytes digest = form.digest.bytes();
    packed.insert(packed.end(), digest.begin(), digest.end());
  }
  return packed;
}

std::vector<dkim::SignedForm> unpack_forms(Bytes packed, const std::string& algorithm) {
  std::vector<dkim::SignedForm> forms;
  const std::optional<dkim::Algorithm> known = dkim::parse_algorithm(algorithm);
  if (!known) return forms;
  const std::size_t length = known->digest == crypto::DigestKind::sha1 ? 20 : 32;
  constexpr std::size_t digest_at = 5;
  for (; packed.size() >= digest_at + length; packed.remove_prefix(digest_at + length)) {
    dkim::SignedForm form{.repair = static_cast<dkim::Repair>(packed.front()),
                          .size = store::load_be32(packed.data() + 1),
                          .digest = {}};
    form.digest.length = static_cast<std::uint8_t>(length);
    std::copy_n(packed.begin() + digest_at, length, form.digest.raw.begin());
    forms.push_back(form);
  }
  return forms;
}

void pack_facts(const dkim::SignatureFacts& facts, records::SignatureT& signature) {
  signature.kind = number(facts.kind);
  signature.is_malformed = facts.is_malformed;
  signature.domain = facts.domain;
  signature.selector = facts.selector;
  signature.algorithm = facts.algorithm;
  signature.canonicalization = facts.canonicalization;
  signature.signature = octets(facts.signature);
  signature.body_hash = number(facts.body_hash);
  for (const dkim::Repair repair : facts.repairs) signature.repairs.push_back(number(repair));
  signature.forms = pack_forms(facts.forms);
  signature.is_partial = facts.is_partial;
  signature.is_from_unsigned = facts.is_from_unsigned;
  signature.is_identity_below = facts.is_identity_below;
  signature.local_part = facts.local_part;
  signature.instance = static_cast<std::uint8_t>(facts.instance);
  signature.fields = facts.fields;
  signature.facts = facts.flags;
}

dkim::SignatureFacts unpack_facts(const records::Signature& signature) {
  dkim::SignatureFacts facts{
      .kind = static_cast<dkim::SignatureKind>(signature.kind()),
      .is_malformed = signature.is_malformed(),
      .domain = std::string(store::text_of(signature.domain())),
      .selector = std::string(store::text_of(signature.selector())),
      .algorithm = std::string(store::text_of(signature.algorithm())),
      .canonicalization = std::string(store::text_of(signature.canonicalization())),
      .signature = ByteString(store::bytes_of(signature.signature())),
      .body_hash = static_cast<dkim::BodyHash>(signature.body_hash()),
      .is_partial = signature.is_partial(),
      .is_from_unsigned = signature.is_from_unsigned(),
      .is_identity_below = signature.is_identity_below(),
      .local_part = std::string(store::text_of(signature.local_part())),
      .instance = signature.instance(),
      .fields = strings_of(signature.fields()),
      .flags = strings_of(signature.facts())};
  for (const char repair : store::bytes_of(signature.repairs())) {
    facts.repairs.push_back(static_cast<dkim::Repair>(repair));
  }
  facts.forms = unpack_forms(store::bytes_of(signature.forms()), facts.algorithm);
  return facts;
}

std::unique_ptr<records::SignatureT> pack(const dkim::SignatureReport& report) {
  auto signature = std::make_unique<records::SignatureT>();
  pack_facts(report.facts, *signature);
  signature->key_bits = static_cast<std::uint32_t>(report.key_bits);
  signature->key_record = report.key_record;
  signature->form = static_cast<std::uint8_t>(report.form);
  signature->header_signature = number(report.header_signature);
  signature->key = number(report.key);
  signature->result = number(report.result);
  signature->reason = number(report.reason);
  signature->flags = report.flags;
  return signature;
}

dkim::SignatureReport unpack(const records::Signature& signature, dkim::SignatureFacts facts) {
  dkim::SignatureReport report{.facts = std::move(facts)};
  report.key_bits = static_cast<int>(signature.key_bits());
  report.key_record = signature.key_record();
  report.form = signature.form();
  report.header_signature = static_cast<dkim::HeaderSignature>(signature.header_signature());
  report.key = static_cast<dkim::KeyState>(signature.key());
  report.result = static_cast<dkim::Outcome>(signature.result());
  report.reason = static_cast<dkim::Reason>(signature.reason());
  report.flags = strings_of(signature.flags());
  return report;
}

}  // namespace

void put_report(records::MessageT& message, const dkim::Report& report) {
  message.status = number(report.status);
  message.reason = number(report.reason);
  message.domains = report.domains;
  message.flags = report.flags;
  message.signatures.clear();
  for (const dkim::SignatureReport& signature : report.signatures) {
    message.signatures.push_back(pack(signature));
  }
  message.arc_sets = static_cast<std::uint8_t>(report.arc.sets);
  message.is_arc_well_formed = report.arc.is_well_formed;
  message.is_arc_dkim_pass = report.arc.is_dkim_pass;
  message.is_arc_aligned = report.arc.is_aligned;
  message.is_signatures_cut = report.is_cut;
}

dkim::MessageFacts facts_of(const records::Message& message) {
  dkim::MessageFacts facts;
  facts.arc = {.sets = message.arc_sets(),
               .is_well_formed = message.is_arc_well_formed(),
               .is_dkim_pass = message.is_arc_dkim_pass(),
               .is_aligned = message.is_arc_aligned()};
  facts.is_cut = message.is_signatures_cut();
  if (message.signatures() != nullptr) {
    for (const records::Signature* signature : *message.signatures()) {
      facts.signatures.push_back(unpack_facts(*signature));
    }
  }
  return facts;
}

dkim::Report report_of(const records::Message& message) {
  dkim::MessageFacts facts = facts_of(message);
  dkim::Report report{.arc = facts.arc, .is_cut = facts.is_cut};
  report.status = static_cast<dkim::Status>(message.status());
  report.reason = static_cast<dkim::Reason>(message.reason());
  report.domains = strings_of(message.domains());
  report.flags = strings_of(message.flags());
  for (std::size_t i = 0; i < facts.signatures.size(); ++i) {
    const auto at = static_cast<flatbuffers::uoffset_t>(i);
    report.signatures.push_back(
        unpack(*message.signatures()->Get(at), std::move(facts.signatures[i])));
  }
  return report;
}

}  // namespace leakfs::view
