// SPDX-License-Identifier: GPL-3.0-or-later
// The front of a `.txt`: what the header says, what we found, and an empty line. It is made anew at
// each read, because a new verdict changes it; its size is in the record.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/base/civil_time.h"

namespace leakfs::mail {

struct FrontAttachment {
  std::uint32_t part = 0;
  std::string_view filename;
  std::string_view type;
  std::uint64_t size = 0;  // decoded bytes
};

// Views; all text is UTF-8 but may hold anything else, render_front() makes it safe. Empty lines
// are left out.
struct Front {
  std::string_view from;  // as to show: "Alice Martin <alice@example.org>"
  std::string_view to;
  std::string_view cc;
  std::optional<UnixTime> date;
  std::optional<int> zone_minutes;  // of the Date field, absent if unknown
  std::string_view subject;
  std::string_view message_id;
  std::string_view verified;  // the line's text: "yes, by example.org (...)"
  std::string_view id;        // 64 hex digits
  std::vector<std::string_view> sources;
  std::vector<FrontAttachment> attachments;
  std::vector<std::string_view> problems;
};

std::string render_front(const Front& front);

}  // namespace leakfs::mail
