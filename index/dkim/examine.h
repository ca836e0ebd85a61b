// SPDX-License-Identifier: GPL-3.0-or-later
// From a message to the facts about its signatures: everything that needs no key.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/dkim/arc.h"
#include "index/dkim/canonical.h"
#include "index/dkim/facts.h"
#include "index/dkim/fields.h"
#include "index/dkim/signature.h"
#include "index/mail/header.h"

namespace leakfs::dkim {

// Whether there is anything to examine, which in old mail is rare.
bool has_signatures(const mail::Header& header);

class Examination {
 public:
  // `header` is parse_header(message); both outlive this. `date` is the mail's own, the clock that
  // x= is compared with.
  Examination(Bytes message, const mail::Header& header, std::optional<UnixTime> date);
  Examination(const Examination&) = delete;
  Examination& operator=(const Examination&) = delete;

  // The facts about the message as it is. Those of a message without signatures are empty.
  MessageFacts facts() const;

  // Adds the repaired forms to a signature of the facts that does not fit as it is.
  void repair(MessageFacts& facts, std::size_t index) const;

  // The hash of the body that bh= of a signature is compared with. Absent where there is no bh=.
  std::optional<crypto::Digest> body_hash(std::size_t index) const;

  // The bytes whose digest that is among the forms of a signature of the facts: header fields, and
  // where there is no bh= the body. Empty if there is no such form.
  ByteString signed_bytes(const MessageFacts& facts, std::size_t index,
                          const crypto::Digest& digest) const;

 private:
  struct Item {
    const mail::Field* field = nullptr;
    Signature signature;
  };
  // Takes the input of a signature's hash in one form; true ends the search.
  using FormVisitor = std::function<bool(Repair repair, Bytes input)>;

  void collect_fields();
  void hash_all_bodies();
  const BodyDigest& body_digest(const Signature& signature) const;

  SignatureFacts facts_of(const Item& item) const;
  void put_body_hash(const Signature& signature, SignatureFacts& facts) const;
  void put_coverage(const Item& item, const Selection& selection, SignatureFacts& facts) const;
  void put_sender(const Signature& signature, const Selection& selection,
                  SignatureFacts& facts) const;
  void put_flags(const Signature& signature, SignatureFacts& facts) const;
  bool is_aligned(const std::string& domain) const;

  Selection select(const Item& item, bool is_only_below) const;
  ByteString header_input(const Item& item, const Selection& selection) const;
  SignedForm plain_form(const Item& item, const Selection& selection) const;
  ByteString whole_input(const Item& item, Bytes header, const BodyForm& form) const;
  static bool is_cut_by_length(const Signature& signature, Bytes body);
  bool visit_header_forms(const Item& item, const FormVisitor& visit) const;
  bool visit_body_forms(const std::function<bool(const BodyForm&)>& visit) const;
  bool visit_whole_forms(const Item& item, const FormVisitor& visit) const;
  void repair_body_hash(const Signature& signature, SignatureFacts& facts) const;

  std::optional<ByteString> single_cr_;  // the message, if its lines end in CR CR LF
  mail::Header single_cr_header_;
  const mail::Header& header_;
  Bytes body_;
  std::vector<Repair> stored_as_;    // what is undone for all signatures
  bool has_both_line_ends_ = false;  // CRLF in the header, LF without CR somewhere
  FieldIndex fields_;
  std::optional<UnixTime> date_;
  std::vector<std::string> author_domains_;  // of every author (RFC 5322 §3.6.2)
  std::vector<Item> items_;
  bool is_cut_ = false;
  ArcSets arc_;
  std::vector<BodyHashRequest> body_requests_;
  std::vector<BodyDigest> body_digests_;
};

}  // namespace leakfs::dkim
