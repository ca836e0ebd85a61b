// SPDX-License-Identifier: GPL-3.0-or-later
// UTC and the proleptic Gregorian calendar, without locale, time zone files or leap seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace leakfs {

// Seconds since 1970-01-01T00:00:00Z.
using UnixTime = std::int64_t;

struct CivilTime {
  int year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  int hour = 0;
  int minute = 0;
  int second = 0;
  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

// The years that a date of a mail can have: 1970 to the end of 2105, so that it fits 32 bits
// unsigned.
constexpr UnixTime time_min = 0;
constexpr UnixTime time_max = 4'291'747'199;

// The time of a UTC date. Absent for what no calendar has (month 13, 31 February, second 61);
// second 60 counts as 59.
std::optional<UnixTime> to_unix(const CivilTime& civil);

CivilTime to_civil(UnixTime time);

// "2017-04-24T08:22:05Z"
std::string format_iso(UnixTime time);

}  // namespace leakfs
