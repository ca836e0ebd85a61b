// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/dkim/record_head.h"

#include <algorithm>
#include <array>
#include <optional>

#include "index/dkim/record_data.h"
#include "index/dkim/tag_list.h"

namespace leakfs::dkim {
namespace {

using Form = RecordHead::Form;

// Types that a zone of these decades has, and what hosters write for them. A word that is none of
// them does not pass for a type, for then no typing error in a file would be noticed.
constexpr auto other_types = std::to_array<std::string_view>(
    {"a",     "a6",    "aaaa",  "afsdb", "alias", "aname",      "apl",    "caa",        "cdnskey",
     "cds",   "cert",  "csync", "dhcid", "dlv",   "dname",      "dnskey", "ds",         "eui48",
     "eui64", "hinfo", "hip",   "https", "isdn",  "ipseckey",   "key",    "kx",         "l32",
     "l64",   "loc",   "lp",    "mb",    "mg",    "minfo",      "mr",     "mx",         "naptr",
     "nid",   "ns",    "nsec",  "nsec3", "nxt",   "nsec3param", "null",   "openpgpkey", "ptr",
     "px",    "rp",    "rrsig", "rt",    "sig",   "smimea",     "soa",    "spf",        "srv",
     "sshfp", "svcb",  "ta",    "tlsa",  "uri",   "wks",        "x25",    "zonemd"});

// "3600", or "1w2d" as BIND writes it.
bool is_ttl(Bytes word) {
  constexpr Bytes units = "smhdw";
  if (word.empty() || !is_digit(word.front())) return false;
  return std::ranges::all_of(
      word, [units](char byte) { return is_digit(byte) || units.find(byte) != Bytes::npos; });
}

bool is_other_type(Bytes word) {
  constexpr Bytes unknown = "type";  // RFC 3597 §5: TYPE65534
  return std::ranges::find(other_types, word) != other_types.end() ||
         (word.starts_with(unknown) && is_ttl(word.substr(unknown.size())));
}

// What stands between the name of a record and its data.
struct Type {
  Form form = Form::other;
  bool has_class = false;
};

// Takes "3600 IN TXT", or what host(1) writes for it, off `text`. Absent if there is no type.
std::optional<Type> take_type(Bytes& text) {
  Bytes rest = text;
  Type type;
  std::string word = lower_case(take_word(rest));
  // RFC 1035 §5.1: each may be left out, and either may come first.
  for (int i = 0; i < 2 && (word == "in" || is_ttl(word)); ++i) {
    type.has_class = type.has_class || word == "in";
    word = lower_case(take_word(rest));
  }
  constexpr Bytes alias = "an alias for ";
  if (word == "txt" || (word == "descriptive" && lower_case(take_word(rest)) == "text")) {
    type.form = Form::text;
  } else if (word == "cname") {
    type.form = Form::alias;
  } else if (word == "is" && rest.starts_with(alias)) {
    type.form = Form::alias;
    rest.remove_prefix(alias.size());
  } else if (!is_other_type(word)) {
    return std::nullopt;
  }
  text = rest;
  return type;
}

}  // namespace

Bytes take_word(Bytes& text) {
  text = skip_blanks(text);
  const auto end = std::ranges::find_if(text, is_delimiter);
  const Bytes word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text = skip_blanks(text.substr(word.size()));
  return word;
}

RecordHead parse_head(Bytes line) {
  RecordHead head{.data = line};
  std::optional<Type> type;
  const bool is_indented = !line.empty() && is_blank(line.front());
  if (is_indented) type = take_type(head.data);
  if (!type) {
    head.owner = take_word(head.data);
    if (head.owner.empty() || head.owner.find('=') != Bytes::npos) {
      head.flaw = "no name in front of the record, as in what dig +short prints";
      return head;
    }
    type = take_type(head.data);
  }
  Bytes rest = head.data;
  if (type) {
    head.has_type = true;
    head.has_class = type->has_class;
    head.form = type->form;
  } else if (rest.starts_with('"')) {
    head.form = Form::text;
  } else if (take_word(rest).find('=') != Bytes::npos || rest.starts_with('=')) {
    head.form = Form::value;
  } else {
    head.flaw = "no record; expected NAME IN TXT \"...\" or NAME v=DKIM1; ...";
  }
  return head;
}

bool begins_record(Bytes line) {
  if (line.starts_with('$')) return true;
  const RecordHead head = parse_head(line);
  if (head.owner.empty()) return head.has_class;
  const bool is_known = head.form == Form::text || head.form == Form::alias;
  return (head.has_type && (head.has_class || is_known)) ||
         head.owner.find("._domainkey.") != Bytes::npos;
}

}  // namespace leakfs::dkim
