// SPDX-License-Identifier: GPL-3.0-or-later
// Puts ARC sets on top of a message, as lists.example.net would (RFC 8617 §5.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "index/dkim/canonical.h"
#include "tests/unit/dkim/signed_mail.h"

namespace leakfs::dkim {

// One hop. By default all is as it has to be.
struct Hop {
  std::string results = "dkim=pass header.d=example.org";
  std::string status;             // cv=; empty: "none" for the first, "pass" for later ones
  std::string message_tags = "";  // more of them, each with its ";"
  std::string seal_tags = "";
  std::vector<std::string> names = {"from", "to", "subject",
                                    "date"};  // h= of the message signature
  const crypto::PrivateKey* signer = &other_key();
  std::string algorithm = "rsa-sha256";
};

// The fields of a set, each with its line end.
struct SetFields {
  std::string results;
  std::string message;
  std::string seal;

  std::string text() const { return joined({seal, message, results}); }
};

inline std::string arc_record(const crypto::PrivateKey& signer = other_key(),
                              std::string_view tags = "") {
  return replaced(record(signer, tags), "s1._domainkey.example.org",
                  "arc._domainkey.lists.example.net");
}
// The key of the letter and that of the list.
inline std::string both_records() { return record(key()) + arc_record(); }

class ArcChainMail {
 public:
  explicit ArcChainMail(std::string_view text) : text_(text) {}

  // Seals the message as it is.
  ArcChainMail& add(const Hop& hop = {}) {
    const std::string instance = std::to_string(sets_.size() + 1);
    SetFields set;
    set.results = joined(
        {"ARC-Authentication-Results: i=", instance, "; mx.example.net; ", hop.results, "\r\n"});
    set.message = message_signature(instance, hop);
    sets_.push_back(set);
    sets_.back().seal = seal(instance, hop);
    return *this;
  }
  // Does something to the message between two hops.
  ArcChainMail& change(std::string_view what, std::string_view with) {
    text_ = replaced(text_, what, with);
    return *this;
  }

  std::vector<SetFields>& sets() { return sets_; }
  // The newest set is on top.
  std::string text() const {
    std::string whole = text_;
    for (const SetFields& set : sets_) whole.insert(0, set.text());
    return whole;
  }

 private:
  static std::string with_signature(std::string_view start, std::string_view input,
                                    const Hop& hop) {
    const bool is_sha1 = hop.algorithm == "rsa-sha1";
    const auto digest = is_sha1 ? crypto::DigestKind::sha1 : crypto::DigestKind::sha256;
    return joined({start, signature_of(input, digest, *hop.signer), "\r\n"});
  }
  // The field so far as it is hashed: without the value of b= and without a line end.
  static void append_own(std::string& input, std::string_view start) {
    append_header(input, start, Canonicalization::relaxed);
    input.resize(input.size() - 2);
  }

  std::string message_signature(const std::string& instance, const Hop& hop) const {
    const mail::Header header = mail::parse_header(text_);
    std::string names;
    std::string input;
    for (const std::string& name : hop.names) {
      names += names.empty() ? name : ":" + name;
      const mail::Field* lowest = nullptr;
      for (const mail::Field& field : header.fields) lowest = field.is(name) ? &field : lowest;
      if (lowest != nullptr) append_header(input, lowest->raw, Canonicalization::relaxed);
    }
    const BodyHashRequest request = {.how = Canonicalization::relaxed,
                                     .digest = hop.algorithm == "rsa-sha1"
                                                   ? crypto::DigestKind::sha1
                                                   : crypto::DigestKind::sha256};
    const BodyDigest body = hash_body(std::string_view(text_).substr(header.body_offset), request);
    const std::string start =
        joined({"ARC-Message-Signature: i=", instance, "; a=", hop.algorithm,
                "; c=relaxed/relaxed;\r\n\td=lists.example.net; s=arc; ", hop.message_tags,
                " h=", names, ";\r\n\tbh=", mail::encode_base64(body.digest.bytes()), ";\r\n\tb="});
    append_own(input, start);
    return with_signature(start, input, hop);
  }
  // §5.1.1: the sets in their order, each results, message signature, seal.
  std::string seal(const std::string& instance, const Hop& hop) const {
    std::string input;
    for (const SetFields& set : sets_) {
      append_header(input, set.results, Canonicalization::relaxed);
      append_header(input, set.message, Canonicalization::relaxed);
      if (!set.seal.empty()) append_header(input, set.seal, Canonicalization::relaxed);
    }
    std::string status = hop.status;
    if (status.empty()) status = instance == "1" ? "none" : "pass";
    const std::string start =
        joined({"ARC-Seal: i=", instance, "; a=", hop.algorithm, "; t=1493022200; cv=", status,
                "; ", hop.seal_tags, "\r\n\td=lists.example.net; s=arc;\r\n\tb="});
    append_own(input, start);
    return with_signature(start, input, hop);
  }

  std::string text_;
  std::vector<SetFields> sets_;
};

}  // namespace leakfs::dkim
