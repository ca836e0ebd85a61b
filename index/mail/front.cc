// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/front.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include <fmt/format.h>

#include "index/base/utf8.h"

namespace leakfs::mail {
namespace {

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

// Most of it is plain ASCII, which needs no look at its characters.
void append_safe(std::string& out, std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) {
    out += text;
  } else {
    out += one_line(text);
  }
}

void append_line(std::string& out, std::string_view word, std::string_view text) {
  if (text.empty()) return;
  out += word;
  append_safe(out, text);
  out += '\n';
}

// "2017-04-24 10:22:05 +0200 (2017-04-24T08:22:05Z)". RFC 5322 §3.3: -0000 is a time in UTC that
// says nothing of the place.
void append_date(std::string& out, UnixTime time, std::optional<int> zone_minutes) {
  const int zone = zone_minutes.value_or(0);
  const CivilTime local = to_civil(time + UnixTime{zone} * 60);
  const char sign = !zone_minutes || zone < 0 ? '-' : '+';
  const int distance = std::abs(zone);
  fmt::format_to(std::back_inserter(out),
                 "Date: {:04}-{:02}-{:02} {:02}:{:02}:{:02} {}{:02}{:02} ({})\n", local.year,
                 local.month, local.day, local.hour, local.minute, local.second, sign,
                 distance / 60, distance % 60, format_iso(time));
}

void append_attachment(std::string& out, const FrontAttachment& attachment) {
  fmt::format_to(std::back_inserter(out), "Attachment: {} ", attachment.part);
  append_safe(out, attachment.filename.empty() ? "noname" : attachment.filename);
  out += " (";
  append_safe(out, attachment.type);
  fmt::format_to(std::back_inserter(out), ", {} bytes)\n", attachment.size);
}

}  // namespace

std::string render_front(const Front& front) {
  std::string out;
  out.reserve(640);
  append_line(out, "From: ", front.from);
  append_line(out, "To: ", front.to);
  append_line(out, "Cc: ", front.cc);
  if (front.date) append_date(out, *front.date, front.zone_minutes);
  append_line(out, "Subject: ", front.subject);
  append_line(out, "Message-ID: ", front.message_id);
  append_line(out, "Verified: ", front.verified);
  append_line(out, "Id: ", front.id);
  for (const std::string_view source : front.sources) append_line(out, "Source: ", source);
  for (const FrontAttachment& attachment : front.attachments) append_attachment(out, attachment);
  for (const std::string_view problem : front.problems) append_line(out, "Problem: ", problem);
  out += '\n';
  return out;
}

}  // namespace leakfs::mail
