// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/header.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "index/base/utf8.h"

namespace leakfs::sample {
namespace {

constexpr std::size_t subject_size_max = 60;  // on its first line

constexpr auto weekdays =
    std::to_array<std::string_view>({"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"});
constexpr auto months = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

// 1970-01-01 was a Thursday.
std::string_view weekday_of(UnixTime time) {
  return weekdays[static_cast<std::size_t>((time / 86'400 + 4) % 7)];
}

std::string_view month_of(const CivilTime& civil) {
  return months[static_cast<std::size_t>(civil.month - 1)];
}

void append_people(ByteString& out, std::string_view field, const Draft& draft,
                   const std::vector<const Person*>& people) {
  if (people.empty()) return;
  out += field;
  out += ": ";
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (i > 0) out += ",\r\n ";
    out += mailbox_of(*people[i], draft.charset, draft.word_encoding);
  }
  out += "\r\n";
}

ByteString subject_value(const Draft& draft) {
  if (!is_ascii(draft.subject) || draft.subject.size() <= subject_size_max) {
    return encoded_words(draft.subject, draft.charset, draft.word_encoding);
  }
  ByteString value = draft.subject;
  const std::size_t blank = value.rfind(' ', subject_size_max);
  if (blank != ByteString::npos) value.insert(blank, "\r\n");
  return value;
}

}  // namespace

std::string mail_date(UnixTime time, int zone_minutes) {
  const UnixTime local = time + UnixTime{zone_minutes} * 60;
  const CivilTime civil = to_civil(local);
  const int zone = std::abs(zone_minutes);
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} {}{:02}{:02}", weekday_of(local), civil.day,
                     month_of(civil), civil.year, civil.hour, civil.minute, civil.second,
                     zone_minutes < 0 ? '-' : '+', zone / 60, zone % 60);
}

std::string mbox_date(UnixTime time) {
  const CivilTime civil = to_civil(time);
  return fmt::format("{} {} {:2} {:02}:{:02}:{:02} {}", weekday_of(time), month_of(civil),
                     civil.day, civil.hour, civil.minute, civil.second, civil.year);
}

ByteString mailbox_of(const Person& person, Charset charset, WordEncoding encoding) {
  if (person.name.empty()) return person.address;
  if (!is_ascii(person.name)) {
    const Charset names = charset == Charset::us_ascii ? Charset::utf_8 : charset;
    return fmt::format("{} <{}>", encoded_words(person.name, names, encoding), person.address);
  }
  const bool is_plain = person.name.find_first_of(",.()<>@:;\\\"[]") == std::string::npos;
  return fmt::format(fmt::runtime(is_plain ? "{} <{}>" : "\"{}\" <{}>"), person.name,
                     person.address);
}

ByteString writers_fields(const Draft& draft) {
  ByteString out;
  append_people(out, "From", draft, {draft.from});
  append_people(out, "To", draft, draft.to);
  append_people(out, "Cc", draft, draft.cc);
  out += fmt::format("Subject: {}\r\n", subject_value(draft));
  out += fmt::format("Date: {}\r\n", mail_date(draft.date, draft.zone_minutes));
  out += fmt::format("Message-ID: {}\r\n", draft.message_id);
  if (!draft.references.empty()) {
    out += fmt::format("In-Reply-To: {}\r\n", draft.references.back());
    out += fmt::format("References: {}\r\n", fmt::join(draft.references, "\r\n "));
  }
  if (!draft.mailer.empty()) out += fmt::format("X-Mailer: {}\r\n", draft.mailer);
  return out;
}

ByteString trace_fields(const Draft& draft) {
  Random random(draft.seed);
  const UnixTime arrival = draft.date + 1 + random.below(40);
  const std::string_view from = draft.from->domain;
  const std::string_view to = draft.to.front()->domain;
  ByteString out = fmt::format("Return-Path: <{}>\r\n", draft.from->address);
  const std::uint32_t hops = 1 + random.below(3);
  for (std::uint32_t hop = hops; hop > 0; --hop) {
    // RFC 5737: addresses for documentation.
    const std::uint32_t host = 1 + random.below(250);
    const std::uint64_t queue = random.next();
    out += fmt::format(
        "Received: from smtp{0}.{1} (smtp{0}.{1} [192.0.2.{2}])\r\n"
        "\tby mx{0}.{3} (Postfix) with ESMTP id {4:X}\r\n\tfor <{5}>; {6}\r\n",
        hop, from, host, to, queue >> 24, draft.to.front()->address,
        mail_date(arrival + hop, draft.zone_minutes));
  }
  return out;
}

}  // namespace leakfs::sample
