// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/sign_arc.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "index/dkim/canonical.h"
#include "index/dkim/fields.h"
#include "index/dkim/signature.h"
#include "index/mail/header.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

constexpr auto relaxed = Canonicalization::relaxed;
constexpr auto sha256 = crypto::DigestKind::sha256;

// `field` ends with "b=", behind which the signature of `input` and the field itself comes.
ByteString with_signature(ByteString field, ByteString input, const crypto::PrivateKey& key) {
  const ByteString whole = field + "\r\n";
  append_own_field(input, {.raw = whole, .name = {}, .value = {}}, relaxed);
  crypto::Hasher hasher(sha256);
  hasher.add(input);
  field += mail::encode_base64(key.sign(hasher.finish(), sha256));
  return field + "\r\n";
}

}  // namespace

ByteString seal_first_hop(Bytes message, const crypto::PrivateKey& key, const ArcSealing& sealing) {
  const ByteString results =
      fmt::format("ARC-Authentication-Results: i=1; {}\r\n", sealing.results);
  const std::string who = fmt::format("i=1; a=rsa-sha256; d={}; s={}; t={};", sealing.domain,
                                      sealing.selector, sealing.time);

  const mail::Header header = mail::parse_header(message);
  const mail::Field none;
  ByteString input;
  for (const mail::Field* field :
       select_bottom_up(FieldIndex(header), sealing.fields, none, false).fields) {
    append_header(input, field->raw, relaxed);
  }
  const BodyDigest body =
      hash_body(message.substr(header.body_offset), {.how = relaxed, .digest = sha256});
  const ByteString signature = with_signature(
      fmt::format("ARC-Message-Signature: {} c=relaxed/relaxed;\r\n\th={};\r\n\tbh={};\r\n\tb=",
                  who, fmt::join(sealing.fields, ":"), mail::encode_base64(body.digest.bytes())),
      std::move(input), key);

  ByteString sealed;
  append_header(sealed, results, relaxed);
  append_header(sealed, signature, relaxed);
  const ByteString seal =
      with_signature(fmt::format("ARC-Seal: {} cv=none;\r\n\tb=", who), std::move(sealed), key);
  return seal + signature + results;
}

}  // namespace leakfs::dkim
