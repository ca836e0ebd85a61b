// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/sign.h"

#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "index/dkim/signature.h"
#include "index/dkim/tag_list.h"
#include "index/mail/header.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

constexpr std::size_t line_size = 72;  // of folded base64

std::string_view word(Canonicalization how) {
  return how == Canonicalization::simple ? "simple" : "relaxed";
}

std::string folded(const ByteString& base64) {
  std::string lines;
  for (std::size_t at = 0; at < base64.size(); at += line_size) {
    if (at > 0) lines += "\r\n\t";
    lines += base64.substr(at, line_size);
  }
  return lines;
}

// The field up to and with "b=".
ByteString unsigned_field(Bytes body, const crypto::PrivateKey& key,
                          const SigningOptions& options) {
  // The raw 32 bytes are what only an Ed25519 key has.
  const bool is_ed25519 = key.public_bytes().size() == 32;
  const std::string_view digest = options.digest == crypto::DigestKind::sha1 ? "sha1" : "sha256";
  const BodyDigest hashed =
      hash_body(body, {.how = options.body,
                       .digest = options.digest,
                       .length_max = options.body_length.value_or(UINT64_MAX)});
  std::string field = fmt::format("DKIM-Signature: v=1; a={}-{}; c={}/{}; d={}; s={};\r\n\t",
                                  is_ed25519 ? "ed25519" : "rsa", digest, word(options.header),
                                  word(options.body), options.domain, options.selector);
  if (options.identity) field += fmt::format("i={}; ", *options.identity);
  if (options.body_length) field += fmt::format("l={}; ", *options.body_length);
  if (options.time) field += fmt::format("t={}; ", *options.time);
  if (options.expiration) field += fmt::format("x={}; ", *options.expiration);
  field += fmt::format("h={};\r\n\tbh={};\r\n\tb=", fmt::join(options.fields, ":"),
                       mail::encode_base64(hashed.digest.bytes()));
  return field;
}

}  // namespace

ByteString sign(Bytes message, const crypto::PrivateKey& key, const SigningOptions& options) {
  const mail::Header header = mail::parse_header(message);
  ByteString field = unsigned_field(message.substr(header.body_offset), key, options);

  ByteString input;
  std::unordered_map<std::string, std::size_t> taken;
  for (const std::string& name : options.fields) {
    std::size_t skip = taken[lower_case(name)]++;
    for (std::size_t i = header.fields.size(); i-- > 0;) {
      if (!header.fields[i].is(name) || skip-- > 0) continue;
      append_header(input, header.fields[i].raw, options.header);
      break;
    }
  }
  const ByteString whole = field + "\r\n";
  const mail::Field own{.raw = whole, .name = "DKIM-Signature", .value = {}};
  append_own_field(input, own, options.header);
  crypto::Hasher hasher(options.digest);
  hasher.add(input);
  field += folded(mail::encode_base64(key.sign(hasher.finish(), options.digest)));
  return field + "\r\n";
}

}  // namespace leakfs::dkim
