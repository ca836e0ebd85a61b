// SPDX-License-Identifier: GPL-3.0-or-later
// What a signature is made over: the message as it is, and what it may have been before it was
// stored.
#include <algorithm>

#include "index/base/utf8.h"
#include "index/dkim/examine.h"

namespace leakfs::dkim {
namespace {

crypto::Digest hash(Bytes bytes, crypto::DigestKind kind) {
  thread_local crypto::Hasher sha1(crypto::DigestKind::sha1);
  thread_local crypto::Hasher sha256(crypto::DigestKind::sha256);
  crypto::Hasher& hasher = kind == crypto::DigestKind::sha1 ? sha1 : sha256;
  hasher.add(bytes);
  return hasher.finish();
}

// Where there is no hash of the body alone, the body is hashed along with the header.
bool hashes_body_along(const Signature& signature) {
  return signature.kind == SignatureKind::domainkeys ||
         (signature.kind == SignatureKind::dkim && !signature.body_hash);
}

std::optional<ByteString> transcoded(Bytes text, Repair repair) {
  if (repair == Repair::latin1) return utf8_to_latin1(text);
  if (repair == Repair::utf8) return latin1_to_utf8(text);
  return std::nullopt;
}

}  // namespace

Selection Examination::select(const Item& item, bool is_only_below) const {
  if (item.signature.kind == SignatureKind::domainkeys) {
    return select_below(header_, item.signature.fields, *item.field);
  }
  return select_bottom_up(fields_, item.signature.fields, *item.field, is_only_below);
}

// RFC 6376 §3.7, RFC 4870 §3.4.2, RFC 8617 §5.1.1
ByteString Examination::header_input(const Item& item, const Selection& selection) const {
  const Signature& signature = item.signature;
  if (signature.kind == SignatureKind::arc_seal) return arc_.sealed_input(signature);
  ByteString input;
  for (const mail::Field* field : selection.fields) {
    append_header(input, field->raw, signature.header);
  }
  if (!hashes_body_along(signature)) append_own_field(input, *item.field, signature.header);
  return input;
}

SignedForm Examination::plain_form(const Item& item, const Selection& selection) const {
  ByteString input = header_input(item, selection);
  const bool is_whole = hashes_body_along(item.signature);
  if (is_whole) input = whole_input(item, input, {.body = body_});
  return {.repair = is_whole && has_both_line_ends_ ? Repair::lf : Repair::none,
          .size = static_cast<std::uint32_t>(input.size()),
          .digest = hash(input, item.signature.how.digest)};
}

// DomainKeys: fields, an empty line, the body; the line goes with a body that is empty (RFC 4870
// §3.4.2). The first DKIM drafts (draft-allman-dkim-base-00): fields, an empty line, the body up to
// l=, an empty line, the signature's own field.
ByteString Examination::whole_input(const Item& item, Bytes header, const BodyForm& form) const {
  const Signature& signature = item.signature;
  ByteString input(header);
  const bool is_domainkeys = signature.kind == SignatureKind::domainkeys;
  if (is_domainkeys && is_blank(form.body, signature.body)) return input;
  input += "\r\n";
  const std::size_t body_at = input.size();
  if (form.is_wire) {
    append_wire_body(input, form.body, signature.body);
  } else {
    append_body(input, form.body, signature.body);
  }
  if (form.unended && input.size() >= body_at + 2) input.resize(input.size() - 2);
  if (is_domainkeys) return input;
  const std::uint64_t length = signature.body_length.value_or(UINT64_MAX);
  if (input.size() - body_at > length) input.resize(body_at + static_cast<std::size_t>(length));
  input += "\r\n";
  append_own_field(input, *item.field, signature.header);
  return input;
}

// Whether l= leaves a part of a body unsigned that is hashed along.
bool Examination::is_cut_by_length(const Signature& signature, Bytes body) {
  if (!hashes_body_along(signature) || !signature.body_length) return false;
  return hash_body(body, {.how = signature.body, .length_max = 0}).size > *signature.body_length;
}

bool Examination::visit_header_forms(const Item& item, const FormVisitor& visit) const {
  const Selection selection = select(item, false);
  const ByteString input = header_input(item, selection);
  if (visit(Repair::none, input)) return true;
  for (const Repair repair : {Repair::latin1, Repair::utf8}) {
    const std::optional<ByteString> other = transcoded(input, repair);
    if (other && visit(repair, *other)) return true;
  }
  // Oversigning is there to forbid a second Subject, and no export adds one.
  const Selection below = select(item, true);
  const bool is_other = below.fields.size() < selection.fields.size();
  const bool is_harmless = std::ranges::all_of(trusted_fields, [&](std::string_view name) {
    return below.count(name) == selection.count(name);
  });
  return is_other && is_harmless && visit(Repair::fields_on_top, header_input(item, below));
}

bool Examination::visit_body_forms(const std::function<bool(const BodyForm&)>& visit) const {
  // Where only some lines end in LF, it may have been so when it was signed.
  if (has_both_line_ends_ && visit({.body = body_, .is_wire = true})) return true;
  return repair_body(body_, visit);
}

bool Examination::visit_whole_forms(const Item& item, const FormVisitor& visit) const {
  const ByteString header = header_input(item, select(item, false));
  const Repair line_ends = has_both_line_ends_ ? Repair::lf : Repair::none;
  if (visit(line_ends, whole_input(item, header, {.body = body_}))) return true;
  for (const Repair repair : {Repair::latin1, Repair::utf8}) {
    const std::optional<ByteString> other = transcoded(header, repair);
    if (other && visit(repair, whole_input(item, *other, {.body = body_}))) return true;
  }
  return visit_body_forms([&](const BodyForm& form) {
    // Undone it may be longer, and what l= then cuts off nobody signed.
    if (is_cut_by_length(item.signature, form.body)) return false;
    const std::optional<ByteString> other = transcoded(header, form.repair);
    return (other && visit(form.repair, whole_input(item, *other, form))) ||
           visit(form.repair, whole_input(item, header, form));
  });
}

namespace {

// The hash of one form of a body.
BodyDigest hash_form(const BodyForm& form, const BodyHashRequest& request) {
  if (!form.is_wire) return hash_body(form.body, request);
  ByteString canonical;
  append_wire_body(canonical, form.body, request.how);
  const Bytes hashed = Bytes(canonical).substr(
      0, static_cast<std::size_t>(std::min<std::uint64_t>(request.length_max, canonical.size())));
  return {
      .digest = hash(hashed, request.digest), .hashed = hashed.size(), .size = canonical.size()};
}

}  // namespace

void Examination::repair_body_hash(const Signature& signature, SignatureFacts& facts) const {
  visit_body_forms([&](const BodyForm& form) {
    BodyHashRequest request = body_hash_request(signature);
    if (form.unended) {
      // With l= a line end more or less is no difference.
      const std::uint64_t size = body_digest(signature).size;
      if (signature.body_length || size < 2) return false;
      request.length_max = size - 2;
    }
    const BodyDigest body = hash_form(form, request);
    const bool is_short = signature.body_length && *signature.body_length > body.size;
    if (is_short || body.digest.bytes() != Bytes(*signature.body_hash)) return false;
    facts.body_hash = BodyHash::ok;
    facts.is_partial = !form.unended && body.hashed < body.size;
    if (form.repair != Repair::none) facts.repairs.push_back(form.repair);
    return true;
  });
}

void Examination::repair(MessageFacts& facts, std::size_t index) const {
  const Item& item = items_[index];
  SignatureFacts& signature = facts.signatures[index];
  if (signature.is_malformed || is_arc(signature.kind)) return;
  if (signature.body_hash == BodyHash::bad) repair_body_hash(item.signature, signature);
  signature.forms.clear();
  const FormVisitor keep = [&](Repair repair, Bytes input) {
    signature.forms.push_back({.repair = repair,
                               .size = static_cast<std::uint32_t>(input.size()),
                               .digest = hash(input, item.signature.how.digest)});
    return signature.forms.size() == forms_max;
  };
  if (hashes_body_along(item.signature)) {
    visit_whole_forms(item, keep);
  } else {
    visit_header_forms(item, keep);
  }
}

ByteString Examination::signed_bytes(const MessageFacts& facts, std::size_t index,
                                     const crypto::Digest& digest) const {
  if (index >= items_.size() || facts.signatures[index].is_malformed) return {};
  const Item& item = items_[index];
  ByteString found;
  const FormVisitor compare = [&](Repair, Bytes input) {
    const bool is_same = hash(input, item.signature.how.digest) == digest;
    if (is_same) found = input;
    return is_same;
  };
  if (hashes_body_along(item.signature)) {
    visit_whole_forms(item, compare);
  } else {
    visit_header_forms(item, compare);
  }
  return found;
}

}  // namespace leakfs::dkim
