// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/verdict.h"

#include <algorithm>

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

std::unique_ptr<records::SignatureT> pack(const dkim::SignatureReport& report) {
  auto signature = std::make_unique<records::SignatureT>();
  signature->kind = number(report.kind);
  signature->domain = report.domain;
  signature->selector = report.selector;
  signature->algorithm = report.algorithm;
  signature->canonicalization = report.canonicalization;
  signature->key_bits = static_cast<std::uint32_t>(report.key_bits);
  signature->body_hash = number(report.body_hash);
  signature->header_signature = number(report.header_signature);
  signature->key = number(report.key);
  signature->result = number(report.result);
  signature->reason = number(report.reason);
  signature->flags = report.flags;
  signature->fields = report.fields;
  const Bytes digest = report.signed_digest.bytes();
  signature->signed_digest.assign(digest.begin(), digest.end());
  return signature;
}

dkim::SignatureReport unpack(const records::Signature& signature) {
  dkim::SignatureReport report;
  report.kind = static_cast<dkim::SignatureKind>(signature.kind());
  report.domain = store::text_of(signature.domain());
  report.selector = store::text_of(signature.selector());
  report.algorithm = store::text_of(signature.algorithm());
  report.canonicalization = store::text_of(signature.canonicalization());
  report.key_bits = static_cast<int>(signature.key_bits());
  report.body_hash = static_cast<dkim::BodyHash>(signature.body_hash());
  report.header_signature = static_cast<dkim::HeaderSignature>(signature.header_signature());
  report.key = static_cast<dkim::KeyState>(signature.key());
  report.result = static_cast<dkim::Outcome>(signature.result());
  report.reason = static_cast<dkim::Reason>(signature.reason());
  report.flags = strings_of(signature.flags());
  report.fields = strings_of(signature.fields());
  const Bytes digest = store::bytes_of(signature.signed_digest());
  report.signed_digest.length =
      static_cast<std::uint8_t>(std::min(digest.size(), report.signed_digest.raw.size()));
  std::copy_n(digest.begin(), report.signed_digest.length, report.signed_digest.raw.begin());
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
}

dkim::Report report_of(const records::Message& message) {
  dkim::Report report;
  report.status = static_cast<dkim::Status>(message.status());
  report.reason = static_cast<dkim::Reason>(message.reason());
  report.domains = strings_of(message.domains());
  report.flags = strings_of(message.flags());
  if (message.signatures() != nullptr) {
    for (const records::Signature* signature : *message.signatures()) {
      report.signatures.push_back(unpack(*signature));
    }
  }
  return report;
}

}  // namespace leakfs::view
