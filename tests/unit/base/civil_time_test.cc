// SPDX-License-Identifier: GPL-3.0-or-later
// Expected numbers are those of "date -u -d DATE +%s".
#include "index/base/civil_time.h"

#include <gtest/gtest.h>

namespace leakfs {
namespace {

struct Known {
  CivilTime civil;
  UnixTime time;
};
constexpr Known known[] = {
    {{1970, 1, 1, 0, 0, 0}, 0},
    {{1969, 12, 31, 23, 59, 59}, -1},
    {{2000, 2, 29, 12, 0, 0}, 951825600},
    {{2001, 9, 9, 1, 46, 40}, 1000000000},
    {{2016, 12, 31, 23, 59, 59}, 1483228799},
    {{2017, 4, 24, 8, 22, 5}, 1493022125},
    {{2038, 1, 19, 3, 14, 8}, 2147483648},
    {{2100, 3, 1, 0, 0, 0}, 4107542400},
    {{2105, 12, 31, 23, 59, 59}, time_max},
    {{1600, 2, 29, 0, 0, 0}, -11670998400},
    {{1, 1, 1, 0, 0, 0}, -62135596800},
};

TEST(CivilTime, KnownDatesAreThoseOfTheCalendar) {
  for (const Known& date : known) {
    EXPECT_EQ(to_unix(date.civil), date.time);
    EXPECT_EQ(to_civil(date.time), date.civil) << date.time;
  }
}
TEST(CivilTime, EveryDayOfFourCenturiesFollowsTheOneBefore) {
  constexpr UnixTime day = 86'400;
  CivilTime before = to_civil(-day);
  for (UnixTime time = 0; time < 146'097 * day; time += day) {
    const CivilTime date = to_civil(time);
    ASSERT_EQ(to_unix(date), time);
    const bool is_next_day = date.day == before.day + 1 && date.month == before.month;
    ASSERT_TRUE(is_next_day || date.day == 1) << time;
    before = date;
  }
}
TEST(CivilTime, LeapYearsAreThoseOfGregory) {
  const auto has_29th = [](int year) {
    return to_unix({.year = year, .month = 2, .day = 29}).has_value();
  };
  EXPECT_TRUE(has_29th(2016));
  EXPECT_TRUE(has_29th(2000));
  EXPECT_FALSE(has_29th(2017));
  EXPECT_FALSE(has_29th(1900));
  EXPECT_FALSE(has_29th(2100));
}
TEST(CivilTime, WhatNoCalendarHasIsAbsent) {
  for (const CivilTime& date :
       {CivilTime{.month = 2, .day = 31}, CivilTime{.month = 4, .day = 31}, CivilTime{.month = 13},
        CivilTime{.month = 0}, CivilTime{.month = -1}, CivilTime{.day = 0}, CivilTime{.day = 32},
        CivilTime{.day = -1}, CivilTime{.hour = 24}, CivilTime{.hour = -1}, CivilTime{.minute = 60},
        CivilTime{.second = 61}, CivilTime{.second = -1}, CivilTime{.year = 10'000},
        CivilTime{.month = 257}, CivilTime{.day = 257}, CivilTime{.year = 2'147'483'647}}) {
    EXPECT_EQ(to_unix(date), std::nullopt);
  }
}
// RFC 5322 §3.3 allows second 60.
TEST(CivilTime, ALeapSecondCountsAsTheOneBefore) {
  EXPECT_EQ(to_unix({.year = 2016, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 60}),
            1483228799);
}
TEST(CivilTime, IsWrittenAsIso8601) {
  EXPECT_EQ(format_iso(1493022125), "2017-04-24T08:22:05Z");
  EXPECT_EQ(format_iso(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_iso(-62135596800), "0001-01-01T00:00:00Z");
}

}  // namespace
}  // namespace leakfs
