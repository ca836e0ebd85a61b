// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/signature.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "index/base/utf8.h"
#include "index/dkim/tag_list.h"

namespace leakfs::dkim {
namespace {

constexpr std::array<std::string_view, 3> canonicalization_words = {"simple", "relaxed", "nofws"};

bool read_algorithm(const TagList& tags, Signature& signature) {
  // RFC 4870 §3.3: DomainKeys has a default.
  const Bytes fallback = signature.kind == SignatureKind::domainkeys ? "rsa-sha1" : "";
  signature.algorithm = one_line(lower_case(tags.find("a").value_or(fallback)));
  const std::optional<Algorithm> how = parse_algorithm(signature.algorithm);
  if (how) signature.how = *how;
  return how.has_value();
}

bool read_one_canonicalization(std::string_view word, Canonicalization& how) {
  if (word == "relaxed") how = Canonicalization::relaxed;
  return word == "simple" || word == "relaxed";
}

// RFC 6376 §3.5: without the second word the body is "simple".
bool read_canonicalization(const TagList& tags, Signature& signature) {
  const std::string words = lower_case(tags.find("c").value_or("simple/simple"));
  const std::size_t slash = words.find('/');
  const std::string body = slash == std::string::npos ? "simple" : words.substr(slash + 1);
  return read_one_canonicalization(words.substr(0, slash), signature.header) &&
         read_one_canonicalization(body, signature.body);
}

// RFC 4870 §3.3
bool read_domainkeys_canonicalization(const TagList& tags, Signature& signature) {
  const std::string word = lower_case(tags.find("c").value_or("simple"));
  if (word == "nofws") signature.header = signature.body = Canonicalization::nofws;
  return word == "simple" || word == "nofws";
}

// False without the "@" that RFC 6376 §3.5 asks for.
bool read_identity(const TagList& tags, Signature& signature) {
  signature.identity_domain = signature.domain;
  const std::optional<Bytes> identity = tags.find("i");
  if (!identity) return true;
  const std::size_t at = identity->rfind('@');
  if (at == Bytes::npos) return false;
  signature.identity_domain = one_line(lower_case(identity->substr(at + 1)));
  return true;
}

// Whether a method that q= names is the DNS, from which key files are made. Drafts and DomainKeys
// have "dns" for "dns/txt".
bool is_in_dns(const TagList& tags) {
  const std::optional<Bytes> methods = tags.find("q");
  return !methods || std::ranges::any_of(split_colons(*methods), [](const std::string& method) {
    return method == "dns/txt" || method == "dns";
  });
}

// What all have: d=, s=, a= and b=. What can be read is filled in either way.
bool read_common(const TagList& tags, Signature& signature) {
  signature.domain = one_line(lower_case(tags.find("d").value_or("")));
  while (signature.domain.ends_with('.')) signature.domain.pop_back();
  signature.selector = one_line(tags.find("s").value_or(""));
  const bool is_algorithm = read_algorithm(tags, signature);
  const std::optional<ByteString> data = decode_strict_base64(tags.find("b").value_or(""));
  signature.signature = data.value_or("");
  return is_algorithm && is_host_name(signature.domain) && is_host_name(signature.selector) &&
         !signature.signature.empty() && is_in_dns(tags);
}

bool read_fields(const TagList& tags, Signature& signature) {
  signature.fields = split_colons(tags.find("h").value_or(""));
  return signature.fields.size() <= signed_fields_max;
}

// What DKIM-Signature and ARC-Message-Signature have in common.
bool read_message_tags(const TagList& tags, Signature& signature) {
  const bool is_known = read_fields(tags, signature) && read_canonicalization(tags, signature);
  const bool are_numbers = read_number(tags, "l", signature.body_length) &&
                           read_time(tags, "t", signature.time) &&
                           read_time(tags, "x", signature.expiration);
  if (const std::optional<Bytes> hash = tags.find("bh"); hash) {
    signature.body_hash = decode_strict_base64(*hash).value_or("");
  }
  return is_known && are_numbers && !signature.fields.empty();
}

bool read_dkim(const TagList& tags, Signature& signature) {
  const std::optional<Bytes> version = tags.find("v");
  signature.is_draft = version != "1";
  const bool is_version = !version || version == "1" || version->starts_with("0.");
  const bool is_read = read_message_tags(tags, signature);
  const bool is_identity = read_identity(tags, signature);
  // The first draft hashed the body along with the header and had no bh=.
  const bool is_hash = signature.body_hash ? !signature.body_hash->empty() : !version;
  return is_version && is_read && is_identity && is_hash;
}

// RFC 4870 §3.3: signed with RSA and SHA-1 alone.
bool read_domainkeys(const TagList& tags, Signature& signature) {
  return read_fields(tags, signature) && read_domainkeys_canonicalization(tags, signature) &&
         signature.algorithm == "rsa-sha1";
}

// RFC 8617 §4.1.2: as DKIM, with another i= and without v=; a seal is not signed by it. SHA-1 was
// forbidden before there was ARC (RFC 8301 §3.1).
bool read_arc_message(const TagList& tags, Signature& signature) {
  const bool is_read = read_message_tags(tags, signature);
  signature.identity_domain = signature.domain;
  return is_read && signature.body_hash && !signature.body_hash->empty() &&
         signature.how.digest != crypto::DigestKind::sha1 &&
         std::ranges::find(signature.fields, "arc-seal") == signature.fields.end();
}

// RFC 8617 §4.1.3: relaxed, without h= and bh=.
bool read_arc_seal(const TagList& tags, Signature& signature) {
  signature.header = Canonicalization::relaxed;
  signature.chain_status = lower_case(tags.find("cv").value_or(""));
  const std::string& status = signature.chain_status;
  return (status == "none" || status == "pass" || status == "fail") && !tags.find("h") &&
         !tags.find("bh") && signature.how.digest != crypto::DigestKind::sha1 &&
         read_time(tags, "t", signature.time);
}

bool read(const TagList& tags, Signature& signature) {
  const bool is_common = read_common(tags, signature);
  if (is_arc(signature.kind)) signature.instance = parse_instance(tags.find("i").value_or(""));
  switch (signature.kind) {
    case SignatureKind::dkim:
      return read_dkim(tags, signature) && is_common;
    case SignatureKind::domainkeys:
      return read_domainkeys(tags, signature) && is_common;
    case SignatureKind::arc_message:
      return read_arc_message(tags, signature) && is_common && signature.instance > 0;
    case SignatureKind::arc_seal:
      return read_arc_seal(tags, signature) && is_common && signature.instance > 0;
  }
  return false;
}

}  // namespace

Signature parse_signature(SignatureKind kind, Bytes value) {
  Signature signature;
  signature.kind = kind;
  const std::optional<TagList> tags =
      value.size() <= mail::field_size_max ? TagList::parse(value) : std::nullopt;
  signature.is_malformed = !tags || !read(*tags, signature);
  return signature;
}

std::string canonicalization_of(const Signature& signature) {
  const std::string_view header =
      canonicalization_words[static_cast<std::size_t>(signature.header)];
  const std::string_view body = canonicalization_words[static_cast<std::size_t>(signature.body)];
  const bool has_both =
      signature.kind == SignatureKind::dkim || signature.kind == SignatureKind::arc_message;
  return has_both ? fmt::format("{}/{}", header, body) : std::string(header);
}

BodyHashRequest body_hash_request(const Signature& signature) {
  return {.how = signature.body,
          .digest = signature.how.digest,
          .length_max = signature.body_length.value_or(UINT64_MAX)};
}

unsigned parse_instance(Bytes text) {
  unsigned instance = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, instance);
  return error == std::errc() && at == end && instance <= arc_sets_max ? instance : 0;
}

void append_own_field(ByteString& out, const mail::Field& field, Canonicalization how) {
  const Bytes raw = field.raw;
  // The tag's name is "b" alone: at the start or behind ";", with FWS around it.
  std::size_t tag_at = raw.find(':') + 1;
  while (true) {
    std::size_t at = tag_at;
    while (at < raw.size() && is_fws(raw[at])) ++at;
    if (at < raw.size() && raw[at] == 'b') {
      ++at;
      while (at < raw.size() && is_fws(raw[at])) ++at;
      if (at < raw.size() && raw[at] == '=') {
        tag_at = at + 1;
        break;
      }
    }
    const std::size_t semicolon = raw.find(';', tag_at);
    if (semicolon == Bytes::npos) {
      tag_at = raw.size();
      break;
    }
    tag_at = semicolon + 1;
  }
  const std::size_t end = std::min(raw.find(';', tag_at), raw.size());
  ByteString emptied(raw.substr(0, tag_at));
  emptied += raw.substr(end);
  append_header(out, emptied, how);
  if (out.ends_with("\r\n")) out.resize(out.size() - 2);
}

}  // namespace leakfs::dkim
