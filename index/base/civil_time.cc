// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/civil_time.h"

#include <chrono>

#include <fmt/format.h>

namespace leakfs {

std::optional<UnixTime> to_unix(const CivilTime& civil) {
  namespace chrono = std::chrono;
  // Checked here as well, because chrono keeps months and days in a byte and would wrap them.
  if (civil.year < -9999 || civil.year > 9999 || civil.month < 1 || civil.month > 12 ||
      civil.day < 1 || civil.day > 31) {
    return std::nullopt;
  }
  const chrono::year_month_day date{chrono::year{civil.year},
                                    chrono::month{static_cast<unsigned>(civil.month)},
                                    chrono::day{static_cast<unsigned>(civil.day)}};
  if (!date.ok() || civil.hour < 0 || civil.hour > 23 || civil.minute < 0 || civil.minute > 59 ||
      civil.second < 0 || civil.second > 60) {
    return std::nullopt;
  }
  const UnixTime days = chrono::sys_days{date}.time_since_epoch().count();
  const int second = civil.second == 60 ? 59 : civil.second;
  return ((days * 24 + civil.hour) * 60 + civil.minute) * 60 + second;
}

CivilTime to_civil(UnixTime time) {
  namespace chrono = std::chrono;
  const chrono::sys_seconds point{chrono::seconds{time}};
  const auto midnight = chrono::floor<chrono::days>(point);
  const chrono::year_month_day date{midnight};
  const chrono::hh_mm_ss clock{point - midnight};
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = static_cast<int>(clock.hours().count()),
          .minute = static_cast<int>(clock.minutes().count()),
          .second = static_cast<int>(clock.seconds().count())};
}

std::string format_iso(UnixTime time) {
  const CivilTime civil = to_civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", civil.year, civil.month, civil.day,
                     civil.hour, civil.minute, civil.second);
}

}  // namespace leakfs
