// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/date.h"

#include <string>

#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

// "2017-04-24T08:22:05Z +120": the time in UTC and the zone's minutes, if it is known.
std::string shown(const std::optional<DateTime>& date) {
  if (!date) return "none";
  std::string text = format_iso(date->time);
  if (!date->is_zone_known) return text;
  return text + (date->zone_minutes < 0 ? " " : " +") + std::to_string(date->zone_minutes);
}

std::string date(Bytes value) { return shown(parse_date(value)); }

// RFC 5322 §3.3 and Appendix A.1.
TEST(Date, HasWeekdayDayMonthYearTimeAndZone) {
  EXPECT_EQ(date("Fri, 21 Nov 1997 09:55:06 -0600"), "1997-11-21T15:55:06Z -360");
  EXPECT_EQ(date(" Tue, 1 Jul 2003 10:52:37 +0200\r\n"), "2003-07-01T08:52:37Z +120");
}

TEST(Date, WeekdayAndSecondsMayBeMissing) {
  EXPECT_EQ(date("21 Nov 1997 09:55 -0600"), "1997-11-21T15:55:00Z -360");
}

TEST(Date, AWrongWeekdayChangesNothing) {
  EXPECT_EQ(date("Mon, 21 Nov 1997 09:55:06 -0600"), "1997-11-21T15:55:06Z -360");
}

TEST(Date, NamesAreReadInAnyCase) {
  EXPECT_EQ(date("fri, 21 NOV 1997 09:55:06 gmt"), "1997-11-21T09:55:06Z +0");
}

// RFC 5322 Appendix A.5: folding and a comment; its year is 1969, so another one stands here.
TEST(Date, MayBeFoldedAndHaveAComment) {
  EXPECT_EQ(date(" Thu,\r\n 13\r\n  Feb\r\n 1997\r\n 23:32\r\n   -0330 (Newfoundland Time)\r\n"),
            "1997-02-14T03:02:00Z -210");
}

// RFC 5322 Appendix A.6.2.
TEST(Date, ObsoleteFormHasTwoDigitsOfTheYearAndANamedZone) {
  EXPECT_EQ(date("21 Nov 97 09:55:06 GMT"), "1997-11-21T09:55:06Z +0");
}

// RFC 5322 §4.3: 00 to 49 are 2000 to 2049, 50 to 99 and all of three digits count from 1900.
TEST(Date, ShortYearsAreCompleted) {
  EXPECT_EQ(date("1 Jan 00 00:00:00 +0000"), "2000-01-01T00:00:00Z +0");
  EXPECT_EQ(date("1 Jan 49 00:00:00 +0000"), "2049-01-01T00:00:00Z +0");
  EXPECT_EQ(date("1 Jan 99 00:00:00 +0000"), "1999-01-01T00:00:00Z +0");
  EXPECT_EQ(date("1 Jan 50 00:00:00 +0000"), "none");  // 1950
  EXPECT_EQ(date("1 Jan 103 00:00:00 +0000"), "2003-01-01T00:00:00Z +0");
}

// RFC 5322 Appendix A.6.3: the obsolete syntax has white space and comments within the time.
TEST(Date, ATimeMayBeSpacedAndCommented) {
  EXPECT_EQ(date("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600"), "1997-11-21T15:55:06Z -360");
}

// RFC 5322 §3.2.2: comments nest and may quote a parenthesis.
TEST(Date, NothingInACommentCounts) {
  EXPECT_EQ(date("(1 Jan 2001 (x) \\) y) 21 Nov 1997 (12:00:00) 09:55:06 -0600"),
            "1997-11-21T15:55:06Z -360");
}

// RFC 5322 §4.3.
TEST(Date, NamedZonesOfNorthAmericaAreKnown) {
  EXPECT_EQ(date("21 Nov 1997 12:00:00 EST"), "1997-11-21T17:00:00Z -300");
  EXPECT_EQ(date("21 Jul 1997 12:00:00 EDT"), "1997-07-21T16:00:00Z -240");
  EXPECT_EQ(date("21 Nov 1997 12:00:00 CST"), "1997-11-21T18:00:00Z -360");
  EXPECT_EQ(date("21 Jul 1997 12:00:00 CDT"), "1997-07-21T17:00:00Z -300");
  EXPECT_EQ(date("21 Nov 1997 12:00:00 MST"), "1997-11-21T19:00:00Z -420");
  EXPECT_EQ(date("21 Jul 1997 12:00:00 MDT"), "1997-07-21T18:00:00Z -360");
  EXPECT_EQ(date("21 Nov 1997 12:00:00 PST"), "1997-11-21T20:00:00Z -480");
  EXPECT_EQ(date("21 Jul 1997 12:00:00 PDT"), "1997-07-21T19:00:00Z -420");
  EXPECT_EQ(date("21 Jul 1997 12:00:00 UT"), "1997-07-21T12:00:00Z +0");
}

// RFC 5322 §3.3 and §4.3: UTC, but nobody knows where.
TEST(Date, MinusZeroAMilitaryOrAnUnknownZoneIsUtcOfAnUnknownPlace) {
  EXPECT_EQ(date("21 Nov 1997 09:55:06 -0000"), "1997-11-21T09:55:06Z");
  EXPECT_EQ(date("21 Nov 1997 09:55:06 A"), "1997-11-21T09:55:06Z");
  EXPECT_EQ(date("21 Nov 1997 09:55:06 XYZT"), "1997-11-21T09:55:06Z");
  EXPECT_EQ(date("21 Nov 1997 09:55:06"), "1997-11-21T09:55:06Z");
}

TEST(Date, ZonesGoFromMinusToPlusFourteenHours) {
  EXPECT_EQ(date("21 Nov 1997 14:00:00 +1400"), "1997-11-21T00:00:00Z +840");
  EXPECT_EQ(date("21 Nov 1997 09:00:00 -1400"), "1997-11-21T23:00:00Z -840");
  EXPECT_EQ(date("21 Nov 1997 14:00:00 +1401"), "1997-11-21T14:00:00Z");
  EXPECT_EQ(date("21 Nov 1997 14:00:00 +99999"), "1997-11-21T14:00:00Z");
}

TEST(Date, OddlyWrittenZonesAreRead) {
  EXPECT_EQ(date("24 Apr 2017 10:22:05 GMT+0200"), "2017-04-24T08:22:05Z +120");
  EXPECT_EQ(date("24 Apr 2017 10:22:05 +02:00"), "2017-04-24T08:22:05Z +120");
  EXPECT_EQ(date("24 Apr 2017 10:22:05 UTC+2"), "2017-04-24T08:22:05Z +120");
  EXPECT_EQ(date("24 Apr 2017 10:22:05 +0200 (CEST)"), "2017-04-24T08:22:05Z +120");
  EXPECT_EQ(date("24 Apr 2017 13:52:05 \"+0530\""), "2017-04-24T08:22:05Z +330");
}

TEST(Date, ALeapSecondIsTheOneBefore) {
  EXPECT_EQ(date("31 Dec 2016 23:59:60 +0000"), "2016-12-31T23:59:59Z +0");
  EXPECT_EQ(date("31 Dec 2016 23:59:61 +0000"), "none");
}

TEST(Date, OfNoCalendarIsNone) {
  EXPECT_EQ(date("31 Feb 2017 10:22:05 +0200"), "none");
  EXPECT_EQ(date("29 Feb 2016 12:00:00 +0000"), "2016-02-29T12:00:00Z +0");
  EXPECT_EQ(date("29 Feb 2017 12:00:00 +0000"), "none");
  EXPECT_EQ(date("0 Jan 2017 10:22:05 +0200"), "none");
  EXPECT_EQ(date("24 Foo 2017 10:22:05 +0200"), "none");
  EXPECT_EQ(date("24 Apr 2017 24:00:00 +0200"), "none");
  EXPECT_EQ(date("24 Apr 2017 10:60:00 +0200"), "none");
}

TEST(Date, WithoutAnyOfItsPartsIsNone) {
  for (const Bytes value : {"", " ", "garbage", "24 Apr 2017", "10:22:05", "Mon, 24 10:22:05 +0200",
                            "Apr 2017 10:22:05", "(24 Apr 2017 10:22:05 +0200)"}) {
    EXPECT_EQ(date(value), "none") << value;
  }
}

// time_min and time_max of civil_time.h, and a second to either side.
TEST(Date, LiesBetween1970And2105) {
  EXPECT_EQ(date("1 Jan 1970 00:00:00 +0000"), "1970-01-01T00:00:00Z +0");
  EXPECT_EQ(date("1 Jan 1970 00:59:59 +0100"), "none");
  EXPECT_EQ(date("31 Dec 2105 23:59:59 +0000"), "2105-12-31T23:59:59Z +0");
  EXPECT_EQ(date("1 Jan 2106 00:00:00 +0000"), "none");
  EXPECT_EQ(date("13 Feb 1969 23:32 -0330"), "none");
  EXPECT_EQ(date("24 Apr 99999 10:22:05 +0200"), "none");
}

// RFC 850 §2.1.4, which is still seen in mail that came from news.
TEST(Date, OfNewsHasDashes) {
  EXPECT_EQ(date("Sunday, 06-Nov-94 08:49:37 GMT"), "1994-11-06T08:49:37Z +0");
}

TEST(Date, OfAsctimeHasTheYearLast) {
  EXPECT_EQ(date("Sun Nov  6 08:49:37 1994"), "1994-11-06T08:49:37Z");
  EXPECT_EQ(date("Sun Nov  6 08:49:37 PST 1994"), "1994-11-06T16:49:37Z -480");
}

// RFC 3339 §5.6.
TEST(Date, OfIso8601IsRead) {
  EXPECT_EQ(date("2017-04-24T08:22:05Z"), "2017-04-24T08:22:05Z +0");
  EXPECT_EQ(date("2017-04-24 10:22:05.123 +02:00"), "2017-04-24T08:22:05Z +120");
}

TEST(Date, OfTwelveHoursIsRead) {
  EXPECT_EQ(date("24 Apr 2017 8:22:05 PM +0000"), "2017-04-24T20:22:05Z +0");
  EXPECT_EQ(date("24 Apr 2017 12:22:05 AM +0000"), "2017-04-24T00:22:05Z +0");
  EXPECT_EQ(date("24 Apr 2017 12:22:05 pm +0000"), "2017-04-24T12:22:05Z +0");
}

// RFC 5322 §3.6.7.
TEST(ReceivedDate, StandsAfterTheLastSemicolon) {
  EXPECT_EQ(
      shown(parse_received_date(" from x.y.test\r\n by example.net\r\n via TCP\r\n id ABC;\r\n"
                                " 21 Nov 1997 10:05:43 -0600\r\n")),
      "1997-11-21T16:05:43Z -360");
  EXPECT_EQ(shown(parse_received_date("from x; by y; 21 Nov 1997 10:05:43 -0600")),
            "1997-11-21T16:05:43Z -360");
  EXPECT_EQ(shown(parse_received_date("by y; 21 Nov 1997 10:05:43 -0600 (via a; b)")),
            "1997-11-21T16:05:43Z -360");
  EXPECT_EQ(shown(parse_received_date("(unclosed; 21 Nov 1997 10:05:43 -0600")),
            "1997-11-21T16:05:43Z -360");
  EXPECT_EQ(shown(parse_received_date("21 Nov 1997 10:05:43 -0600")), "none");
  EXPECT_EQ(shown(parse_received_date("from x by y;")), "none");
}

// RFC 4155 Appendix A.
TEST(FromLineDate, FollowsTheSenderAndIsUtc) {
  EXPECT_EQ(shown(parse_from_line_date("From a@example.org Mon Apr 24 08:22:05 2017")),
            "2017-04-24T08:22:05Z");
  EXPECT_EQ(shown(parse_from_line_date(">From a@example.org  Mon Apr  3 08:22:05 2017")),
            "2017-04-03T08:22:05Z");
  EXPECT_EQ(shown(parse_from_line_date("From a@example.org Mon Apr 24 08:22:05 2017 +0200")),
            "2017-04-24T06:22:05Z +120");
}

TEST(FromLineDate, NoWordOfTheSenderIsTakenForAPartOfTheDate) {
  EXPECT_EQ(shown(parse_from_line_date("From 1.jan.2001 Mon Apr 24 08:22:05 2017")),
            "2017-04-24T08:22:05Z");
  // Mailing list archives write "at" for "@".
  EXPECT_EQ(shown(parse_from_line_date("From bob at marist.example  Mon Apr 24 08:22:05 2017")),
            "2017-04-24T08:22:05Z");
  EXPECT_EQ(shown(parse_from_line_date("From li at 163.example  Mon Apr 24 08:22:05 2017")),
            "2017-04-24T08:22:05Z");
}

TEST(FromLineDate, WithoutOneIsNone) {
  EXPECT_EQ(shown(parse_from_line_date("From a@example.org")), "none");
  EXPECT_EQ(shown(parse_from_line_date("From ")), "none");
  EXPECT_EQ(shown(parse_from_line_date("From")), "none");
  EXPECT_EQ(shown(parse_from_line_date("")), "none");
}

}  // namespace
}  // namespace leakfs::mail
