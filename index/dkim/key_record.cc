// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/key_record.h"

#include <algorithm>
#include <charconv>

#include "index/base/utf8.h"
#include "index/dkim/tag_list.h"
#include "index/mail/transfer.h"

namespace leakfs::dkim {
namespace {

constexpr std::string_view compromised = "compromised-since";

std::optional<int> number(Bytes digits) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  int value = 0;
  const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

// The start of "2020-01-01", "2020-01" or "2020".
std::optional<UnixTime> parse_day(Bytes text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  if ((text.size() >= 7 && text[4] != '-') || (text.size() == 10 && text[7] != '-')) {
    return std::nullopt;
  }
  const std::optional<int> year = number(text.substr(0, 4));
  const std::optional<int> month = text.size() >= 7 ? number(text.substr(5, 2)) : 1;
  const std::optional<int> day = text.size() == 10 ? number(text.substr(8, 2)) : 1;
  if (!year || !month || !day) return std::nullopt;
  const std::optional<UnixTime> time = to_unix({.year = *year, .month = *month, .day = *day});
  return time && *time >= time_min && *time <= time_max ? time : std::nullopt;
}

bool contains(const std::vector<std::string>& items, std::string_view item) {
  return std::ranges::find(items, item) != items.end();
}

// RFC 6376 §3.5, base64string: white space may stand anywhere and the padding be left out, nothing
// else. Absent for what is none.
std::optional<ByteString> strict_base64(Bytes text) {
  constexpr std::size_t padding_max = 2;
  const ByteString whole = without_fws(text);
  Bytes digits = whole;
  for (std::size_t i = 0; i < padding_max && digits.ends_with('='); ++i) digits.remove_suffix(1);
  const bool is_clean = std::ranges::all_of(digits, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
  if (!is_clean || digits.size() % 4 == 1) return std::nullopt;
  return mail::decode_base64(digits);
}

// The value of a tag, or the default if it is absent or empty.
Bytes value_or_default(const TagList& tags, Bytes name, Bytes otherwise) {
  const Bytes value = tags.find(name).value_or("");
  return value.empty() ? otherwise : value;
}

// "This tag MUST be the first tag in the record", and its value is compared as a string.
std::string version_flaw(const TagList& tags) {
  const std::optional<Bytes> version = tags.find("v");
  if (!version) return "";
  if (tags.first_name() != "v") return "v= is not the first tag";
  return *version == "DKIM1" ? "" : "v=" + excerpt(*version) + " is not v=DKIM1";
}

// Sets state, key or flaw by p= and k=.
void put_key(KeyRecord& record, const TagList& tags) {
  const std::optional<Bytes> data = tags.find("p");
  if (!data) {
    record.flaw = "there is no p=";
    return;
  }
  if (data->empty()) {
    record.state = KeyRecord::State::revoked;
    return;
  }
  const std::optional<ByteString> bytes = strict_base64(*data);
  const std::string kind = lower_case(value_or_default(tags, "k", "rsa"));
  if (!bytes) {
    record.flaw = "p= is no base64";
  } else if (kind == "rsa") {
    record.key = crypto::PublicKey::rsa(*bytes);
    if (!record.key) record.flaw = "p= is no RSA key of 512 to 16384 bits";
  } else if (kind == "ed25519") {
    record.key = crypto::PublicKey::ed25519(*bytes);
    if (!record.key) record.flaw = "p= is no Ed25519 key";
  } else {
    record.flaw = "k=" + excerpt(kind) + " is no known kind of key";
  }
  if (!record.key) return;
  record.state = KeyRecord::State::usable;
  record.key_data = *bytes;
}

}  // namespace

bool KeyRecord::allows_local_part(std::string_view local_part) const {
  if (!granularity || granularity->empty()) return true;
  const std::string_view pattern = *granularity;
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return local_part == pattern;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  return local_part.size() >= before.size() + after.size() && local_part.starts_with(before) &&
         local_part.ends_with(after);
}

KeyRecord parse_key_record(Bytes text) {
  KeyRecord record;
  record.text = to_valid_utf8(text);
  const std::optional<TagList> tags = TagList::parse(text);
  record.flaw = tags ? version_flaw(*tags) : "it is no list of tags";
  if (!record.flaw.empty()) return record;

  record.hash_algorithms = split_colons(tags->find("h").value_or(""));
  const std::vector<std::string> services = split_colons(value_or_default(*tags, "s", "*"));
  record.is_for_email = contains(services, "*") || contains(services, "email");
  const std::vector<std::string> flags = split_colons(tags->find("t").value_or(""));
  record.is_testing = contains(flags, "y");
  record.is_strict = contains(flags, "s");
  if (const std::optional<Bytes> value = tags->find("g")) {
    record.granularity = to_valid_utf8(*value);
  }
  put_key(record, *tags);
  return record;
}

bool add_provenance(KeyRecord& record, Bytes comment) {
  ByteString blanks_for_tabs(trim_fws(comment));
  std::ranges::replace(blanks_for_tabs, '\t', ' ');
  // What begins with a further ";" is what dig(1) says of itself.
  const bool is_of_dig = comment.starts_with(';') && !mentions_compromise(comment);
  const std::string text = is_of_dig ? "" : one_line(blanks_for_tabs);
  if (!record.provenance.empty() && !text.empty()) record.provenance += "; ";
  record.provenance += text;

  bool is_dated = true;
  const std::string lower = lower_case(comment);
  for (std::size_t at = 0; (at = lower.find(compromised, at)) != std::string::npos;) {
    at += compromised.size();
    Bytes day = Bytes(lower).substr(at);
    day = day.substr(0, day.find_first_of(" \t\r\n;"));
    const std::optional<UnixTime> since =
        day.starts_with('=') ? parse_day(day.substr(1)) : std::nullopt;
    is_dated = is_dated && since;
    record.compromised_since =
        std::min(record.compromised_since.value_or(time_max), since.value_or(time_min));
  }
  return is_dated;
}

bool mentions_compromise(Bytes comment) {
  return lower_case(comment).find(compromised) != std::string::npos;
}

}  // namespace leakfs::dkim
