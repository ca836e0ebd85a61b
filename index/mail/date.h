// SPDX-License-Identifier: GPL-3.0-or-later
// Date and time of RFC 5322 §3.3, its obsolete forms (§4.3), RFC 850 and asctime dates, and what
// real mail has instead: missing weekday, comma, seconds or zone, "GMT+0200", 2-digit years.
#pragma once

#include <cstdint>
#include <optional>

#include "index/base/bytes.h"
#include "index/base/civil_time.h"

namespace leakfs::mail {

struct DateTime {
  UnixTime time = 0;              // UTC
  std::int16_t zone_minutes = 0;  // east of UTC
  bool is_zone_known = false;     // false for none and for -0000
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

// The date in the value of a Date field. Absent if it cannot be read, no calendar has it, or it is
// outside of 1970 to 2105.
std::optional<DateTime> parse_date(Bytes value);

// The date after the last ";" of a Received field (RFC 5322 §3.6.7).
std::optional<DateTime> parse_received_date(Bytes value);

// The asctime date of an mbox From_ line (RFC 4155 Appendix A); UTC if it names no zone.
std::optional<DateTime> parse_from_line_date(Bytes line);

}  // namespace leakfs::mail
