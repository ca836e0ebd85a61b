// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/key_record.h"

#include <algorithm>
#include <charconv>

#include "index/base/utf8.h"
#include "index/dkim/tag_list.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

std::optional<int> number(Bytes digits) {
  int value = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || at != end) return std::nullopt;
  return value;
}

// "2020-01-01" or "2020-01"
std::optional<UnixTime> parse_day(Bytes text) {
  const std::optional<int> year = number(text.substr(0, 4));
  const std::optional<int> month = text.size() >= 7 ? number(text.substr(5, 2)) : std::nullopt;
  const std::optional<int> day = text.size() >= 10 ? number(text.substr(8, 2)) : 1;
  if (!year || !month || !day) return std::nullopt;
  return to_unix({.year = *year, .month = *month, .day = *day});
}

bool contains(const std::vector<std::string>& items, std::string_view item) {
  return std::ranges::find(items, item) != items.end();
}

}  // namespace

KeyRecord parse_key_record(Bytes text) {
  KeyRecord record;
  record.text = to_valid_utf8(text);
  const std::optional<TagList> tags = TagList::parse(text);
  if (!tags) return record;
  // RFC 6376 §3.6.1: v= is "DKIM1" where it is present.
  if (tags->find("v").value_or("DKIM1") != "DKIM1") return record;
  const std::optional<Bytes> data = tags->find("p");
  if (!data) return record;

  record.hash_algorithms = split_colons(tags->find("h").value_or(""));
  const std::vector<std::string> services = split_colons(tags->find("s").value_or("*"));
  record.is_for_email = contains(services, "*") || contains(services, "email");
  const std::vector<std::string> flags = split_colons(tags->find("t").value_or(""));
  record.is_testing = contains(flags, "y");
  record.is_strict = contains(flags, "s");

  const ByteString key = mail::decode_base64(*data);
  if (key.empty()) {
    if (trim_fws(*data).empty()) record.state = KeyRecord::State::revoked;
    return record;
  }
  const std::string kind = lower_case(tags->find("k").value_or("rsa"));
  if (kind == "rsa") record.key = crypto::PublicKey::rsa(key);
  if (kind == "ed25519") record.key = crypto::PublicKey::ed25519(key);
  if (record.key) record.state = KeyRecord::State::usable;
  return record;
}

void set_provenance(KeyRecord& record, Bytes comment) {
  constexpr std::string_view compromised = "compromised-since=";
  record.provenance = one_line(trim_fws(comment));
  const std::size_t at = comment.find(compromised);
  if (at == Bytes::npos) return;
  // A date that cannot be read must not make a published key trusted.
  record.compromised_since = parse_day(comment.substr(at + compromised.size())).value_or(time_min);
}

}  // namespace leakfs::dkim
