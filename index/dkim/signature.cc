// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/signature.h"

#include <charconv>

#include "index/base/utf8.h"
#include "index/dkim/tag_list.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

std::optional<std::uint64_t> parse_number(Bytes text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  if (error != std::errc() || at != end) return std::nullopt;
  return value;
}

// A tag that holds a number. False if it is there and is none.
bool read_number(const TagList& tags, Bytes name, std::optional<std::uint64_t>& value) {
  const std::optional<Bytes> text = tags.find(name);
  if (!text) return true;
  value = parse_number(*text);
  return value.has_value();
}

// False for times before 1970 or after 2105, which are noise.
bool read_time(const TagList& tags, Bytes name, std::optional<UnixTime>& time) {
  std::optional<std::uint64_t> value;
  if (!read_number(tags, name, value)) return false;
  if (value && *value <= static_cast<std::uint64_t>(time_max)) {
    time = static_cast<UnixTime>(*value);
  }
  return true;
}

bool read_algorithm(const TagList& tags, Signature& signature) {
  signature.algorithm = one_line(lower_case(tags.find("a").value_or("")));
  if (signature.algorithm == "rsa-sha256") return true;
  if (signature.algorithm == "rsa-sha1") {
    signature.digest = crypto::DigestKind::sha1;
    return true;
  }
  signature.key_kind = crypto::KeyKind::ed25519;
  return signature.algorithm == "ed25519-sha256";
}

bool read_one_canonicalization(std::string_view word, Canonicalization& how) {
  if (word == "relaxed") how = Canonicalization::relaxed;
  return word == "simple" || word == "relaxed";
}

// §3.5: without the second word the body is "simple".
bool read_canonicalization(const TagList& tags, Signature& signature) {
  const std::string words = lower_case(tags.find("c").value_or("simple/simple"));
  const std::size_t slash = words.find('/');
  const std::string body = slash == std::string::npos ? "simple" : words.substr(slash + 1);
  return read_one_canonicalization(words.substr(0, slash), signature.header) &&
         read_one_canonicalization(body, signature.body);
}

// False without the "@" that §3.5 asks for.
bool read_identity(const TagList& tags, Signature& signature) {
  signature.identity_domain = signature.domain;
  const std::optional<Bytes> identity = tags.find("i");
  if (!identity) return true;
  const std::size_t at = identity->rfind('@');
  if (at == Bytes::npos) return false;
  signature.identity_domain = one_line(lower_case(identity->substr(at + 1)));
  return true;
}

// Each name and host is shown and looked up, so it has to be one.
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  for (const char byte : name) {
    const bool is_label = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' ||
                          byte == '.' || static_cast<unsigned char>(byte) >= 0x80;
    if (!is_label) return false;
  }
  return true;
}

}  // namespace

Signature parse_signature(Bytes value) {
  Signature signature;
  const std::optional<TagList> tags = TagList::parse(value);
  if (!tags) {
    signature.is_malformed = true;
    return signature;
  }
  signature.domain = one_line(lower_case(tags->find("d").value_or("")));
  while (signature.domain.ends_with('.')) signature.domain.pop_back();
  signature.selector = one_line(tags->find("s").value_or(""));
  signature.fields = split_colons(tags->find("h").value_or(""));
  signature.body_hash = mail::decode_base64(tags->find("bh").value_or(""));
  signature.signature = mail::decode_base64(tags->find("b").value_or(""));
  const Bytes version = tags->find("v").value_or("");
  signature.is_draft = version != "1";
  const bool is_version_known = version == "1" || version.empty() || version.starts_with("0.");
  const bool is_algorithm_known = read_algorithm(*tags, signature);
  const bool is_canonicalization_known = read_canonicalization(*tags, signature);
  const bool are_numbers = read_number(*tags, "l", signature.body_length) &&
                           read_time(*tags, "t", signature.time) &&
                           read_time(*tags, "x", signature.expiration);
  const bool is_identity = read_identity(*tags, signature);
  const bool is_complete = is_host_name(signature.domain) && is_host_name(signature.selector) &&
                           !signature.fields.empty() &&
                           signature.fields.size() <= signed_fields_max &&
                           !signature.body_hash.empty() && !signature.signature.empty();
  signature.is_malformed = !is_version_known || !is_algorithm_known || !is_canonicalization_known ||
                           !are_numbers || !is_identity || !is_complete;
  return signature;
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
