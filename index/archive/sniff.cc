// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/sniff.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "index/archive/mbox.h"
#include "index/archive/shape.h"
#include "index/base/line.h"
#include "index/mail/header.h"

namespace leakfs::archive {
namespace {

// Fields that mail has and hardly any other text with "Name: value" lines at its start: "Subject"
// or "To" alone may open a note or a template.
constexpr auto strong_fields = std::to_array<std::string_view>(
    {"Received", "Message-ID", "Return-Path", "MIME-Version", "DKIM-Signature", "X-Mailer",
     "Delivered-To", "In-Reply-To", "References"});
constexpr auto weak_fields = std::to_array<std::string_view>(
    {"From", "To", "Cc", "Bcc", "Date", "Subject", "Sender", "Reply-To", "Content-Type"});

constexpr int separators_max = 10;  // From_ lines that are looked behind

template <std::size_t size>
std::size_t count(const mail::Header& header, const std::array<std::string_view, size>& names) {
  return static_cast<std::size_t>(std::ranges::count_if(
      names, [&header](std::string_view name) { return header.first(name) != nullptr; }));
}

// One field that only mail has, or two that other text may have too, right at the start: prose that
// quotes a header further down is no mail. One stray line is damage.
bool is_mail_header(Bytes head, const mail::Header& header) {
  if (header.fields.empty()) return false;
  const auto first = static_cast<std::size_t>(header.fields.front().raw.data() - head.data());
  const Bytes before = head.substr(header.start, first - header.start);
  if (std::ranges::count(before, '\n') > 1) return false;
  // Of a header that is larger than what is looked at, one field may be all that is seen.
  const bool is_open = head.size() >= sniff_size && header.body_offset == head.size();
  return count(header, strong_fields) > 0 || count(header, weak_fields) > (is_open ? 0 : 1);
}

bool is_empty(Bytes line) { return line.empty() || line == "\r"; }

bool opens_with_from_line(Bytes head) {
  Bytes line;
  while (is_empty(line) && !head.empty()) line = take_line(head);
  return is_from_line(line);
}

// An mbox that something else was put in front of, or whose first message has hardly a header.
bool has_mbox_within(Bytes head) {
  int left = separators_max;
  bool may_separate = true;
  for (Bytes rest = head; !rest.empty() && left > 0;) {
    const Bytes from_here = rest;
    const Bytes line = take_line(rest);
    if (may_separate && is_from_line(line)) {
      if (is_mail_header(from_here, mail::parse_header(from_here))) return true;
      --left;
    }
    may_separate = is_empty(line);
  }
  return false;
}

bool is_text(Bytes head) {
  // Binary files begin with many control bytes; a header has at most a few by damage.
  const Bytes start = head.substr(0, 512);
  const auto controls = std::ranges::count_if(start, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
  });
  return controls * 16 <= static_cast<std::ptrdiff_t>(start.size());
}

}  // namespace

Content sniff(Bytes head) {
  if (head.empty() || !is_text(head)) return Content::other;
  // Text that is stored or hardly compressed opens with one odd line, and a header behind it.
  if (shape_of(head) != Shape::other) return Content::other;
  if (is_mail_header(head, mail::parse_header(head))) {
    return opens_with_from_line(head) ? Content::mbox : Content::message;
  }
  return has_mbox_within(head) ? Content::mbox : Content::other;
}

}  // namespace leakfs::archive
