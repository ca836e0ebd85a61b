// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/evidence.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "index/base/hex.h"
#include "index/base/utf8.h"
#include "index/dkim/examine.h"
#include "index/dkim/judge.h"
#include "index/dkim/tag_value.h"
#include "index/mail/header.h"
#include "index/mail/transfer.h"
#include "index/store/records.h"
#include "index/view/message_name.h"
#include "index/view/verdict.h"

namespace leakfs::view {
namespace {

constexpr std::size_t line_size = 64;  // of base64, as in PEM (RFC 7468 §2)

// What only the bytes of the message tell about a signature.
struct Measured {
  ByteString signed_bytes;
  std::string body_hash;  // base64
};

constexpr std::uint64_t armored_size(std::uint64_t size) {
  const std::uint64_t code = (size + 2) / 3 * 4;
  return code + (code + line_size - 1) / line_size;
}

std::string armored(Bytes bytes) {
  const ByteString code = mail::encode_base64(bytes);
  std::string lines;
  for (std::size_t at = 0; at < code.size(); at += line_size) {
    lines += code.substr(at, line_size);
    lines += '\n';
  }
  return lines;
}

// The commands that check a signature, for sh(1).
std::string commands(const dkim::SignatureFacts& facts, std::size_t number) {
  const std::optional<dkim::Algorithm> how = dkim::parse_algorithm(facts.algorithm);
  const bool is_sha1 = how && how->digest == crypto::DigestKind::sha1;
  const bool is_ed25519 = how && how->key == crypto::KeyKind::ed25519;
  std::string text = fmt::format(
      "To check it, with this file as evidence.txt:\n"
      "  part() {{ sed -n \"/^-----BEGIN $1 {0}-----/,/^-----END/p\" evidence.txt |\n"
      "    sed '1d;$d' | openssl base64 -d; }}\n"
      "  part SIGNED > signed; part SIGNATURE > signature; part KEY > key\n",
      number);
  if (is_ed25519) {
    text +=
        "  openssl dgst -sha256 -binary signed > hash\n"
        "  openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in hash \\\n"
        "    -sigfile signature\n";
  } else {
    text += fmt::format("  openssl dgst -{} -keyform DER -verify key -signature signature signed\n",
                        is_sha1 ? "sha1" : "sha256");
  }
  return text;
}

class Writer {
 public:
  Writer(const records::Message& record, const std::vector<std::string>& sources,
         const dkim::Keyring& keyring)
      : keyring_(keyring), report_(report_of(record)) {
    const std::string id = id_text(record);
    text_ = fmt::format("Message: eml/by-id/{}/{}.eml\n", id.substr(0, 2), id);
    text_ += fmt::format("SHA-256: {}\n", to_hex(store::bytes_of(record.sha256())));
    for (const std::string& source : sources) text_ += fmt::format("Source: {}\n", source);
    text_ += fmt::format("Verified: {}\n",
                         dkim::verified_line(report_, store::text_of(record.from_address())));
  }

  const dkim::Report& report() const { return report_; }
  const std::string& text() const { return text_; }
  // The text with the bytes that were left out.
  std::uint64_t size() const { return text_.size() + left_out_; }

  // `measured` is null when only the size is asked for.
  void add(std::size_t index, const Measured* measured) {
    const dkim::SignatureReport& signature = report_.signatures[index];
    const dkim::SignatureFacts& facts = signature.facts;
    const std::size_t number = index + 1;
    text_ += fmt::format("\nSignature {}: {} by {}, selector {}\n", number, dkim::word(facts.kind),
                         facts.domain, facts.selector);
    if (facts.is_malformed) {
      text_ += "It cannot be read.\n";
      return;
    }
    const dkim::KeyRecord* record = dkim::used_record(signature, keyring_);
    add_facts(signature, record, measured);
    if (signature.form >= facts.forms.size()) return;
    const dkim::SignedForm& form = facts.forms[signature.form];
    add_block("SIGNED", number, form.size, measured ? &measured->signed_bytes : nullptr);
    add_block("SIGNATURE", number, facts.signature.size(), &facts.signature);
    if (record == nullptr) return;
    const ByteString key(record->key->der());
    add_block("KEY", number, key.size(), &key);
    text_ += commands(facts, number);
  }

 private:
  void add_facts(const dkim::SignatureReport& signature, const dkim::KeyRecord* record,
                 const Measured* measured) {
    const dkim::SignatureFacts& facts = signature.facts;
    text_ += fmt::format("Algorithm: {}, {}\n", facts.algorithm, facts.canonicalization);
    text_ += fmt::format("Result: {}{}{}\n", dkim::word(signature.result),
                         signature.reason == dkim::Reason::none ? "" : ", ",
                         dkim::word(signature.reason));
    text_ += fmt::format("Header signature: {}\n", dkim::word(signature.header_signature));
    text_ += fmt::format("Header fields: {}\n", fmt::join(facts.fields, " "));
    text_ += fmt::format("Flags: {}\n", fmt::join(signature.flags, " "));
    text_ += fmt::format("Body hash: {}\n", dkim::word(facts.body_hash));
    if (facts.body_hash != dkim::BodyHash::none && !facts.forms.empty()) {
      text_ += "Body hash of the body here: ";
      const std::uint64_t size = facts.forms.front().digest.length;
      if (measured != nullptr) {
        text_ += measured->body_hash;
      } else {
        left_out_ += (size + 2) / 3 * 4;
      }
      text_ += '\n';
    }
    if (record != nullptr) {
      text_ += fmt::format("Key: {} bits\n", record->key->bits());
      text_ += fmt::format("Key record: {}\n", one_line(record->text));
      text_ += fmt::format("Key provenance: {}\n", record->provenance);
    } else {
      text_ += fmt::format("Key: {}\n", dkim::word(signature.key));
    }
  }

  void add_block(std::string_view name, std::size_t number, std::uint64_t size,
                 const ByteString* bytes) {
    text_ += fmt::format("-----BEGIN {} {}-----\n", name, number);
    if (bytes != nullptr) {
      text_ += armored(*bytes);
    } else {
      left_out_ += armored_size(size);
    }
    text_ += fmt::format("-----END {} {}-----\n", name, number);
  }

  const dkim::Keyring& keyring_;
  const dkim::Report report_;
  std::string text_;
  std::uint64_t left_out_ = 0;
};

// What the facts of a record were made from, once more.
class Measurement {
 public:
  Measurement(const records::Message& record, Bytes message)
      : header_(mail::parse_header(message)),
        examination_(message, header_, record.date()),
        facts_(facts_of(record)) {}

  Measured of(std::size_t index, unsigned form) const {
    const dkim::SignatureFacts& facts = facts_.signatures[index];
    if (facts.is_malformed || form >= facts.forms.size()) return {};
    Measured measured{.signed_bytes =
                          examination_.signed_bytes(facts_, index, facts.forms[form].digest)};
    if (const auto hash = examination_.body_hash(index)) {
      measured.body_hash = mail::encode_base64(hash->bytes());
    }
    return measured;
  }

 private:
  const mail::Header header_;
  const dkim::Examination examination_;
  const dkim::MessageFacts facts_;
};

}  // namespace

Evidence::Evidence(Bytes key_file) {
  std::vector<dkim::KeyFileProblem> ignored;  // said when the index was built
  keyring_.add(key_file, "", ignored);
}

std::string Evidence::text(const records::Message& record, const std::vector<std::string>& sources,
                           Bytes message) const {
  Writer writer(record, sources, keyring_);
  const Measurement measurement(record, message);
  for (std::size_t i = 0; i < writer.report().signatures.size(); ++i) {
    const Measured measured = measurement.of(i, writer.report().signatures[i].form);
    writer.add(i, &measured);
  }
  return writer.text();
}

std::uint64_t evidence_size(const records::Message& record, const std::vector<std::string>& sources,
                            const dkim::Keyring& keyring) {
  Writer writer(record, sources, keyring);
  for (std::size_t i = 0; i < writer.report().signatures.size(); ++i) writer.add(i, nullptr);
  return writer.size();
}

}  // namespace leakfs::view
