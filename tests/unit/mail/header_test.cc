// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/header.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

using testing::ElementsAre;

std::vector<std::string> names(const Header& header) {
  std::vector<std::string> all;
  for (const Field& field : header.fields) all.emplace_back(field.name);
  return all;
}

std::string body(Bytes message) {
  return std::string(message.substr(parse_header(message).body_offset));
}

// RFC 5322 §2.2.
TEST(Header, AFieldIsANameAColonAndAValue) {
  const Header header = parse_header("From: a@b\r\nSubject: x: y\r\n\r\nbody");
  ASSERT_THAT(names(header), ElementsAre("From", "Subject"));
  EXPECT_EQ(header.fields[0].raw, "From: a@b\r\n");
  EXPECT_EQ(header.fields[0].value, " a@b");
  EXPECT_EQ(header.fields[1].value, " x: y");
  EXPECT_FALSE(header.flags.has_junk);
  EXPECT_FALSE(header.flags.has_from_line);
}

TEST(Header, AnEmptyValueIsAValue) {
  EXPECT_EQ(parse_header("Subject:\r\nTo: b\r\n\r\n").first("subject")->value, "");
}

// RFC 5322 §2.2.3.
TEST(Header, AFoldedFieldKeepsItsLineEnds) {
  const Header header = parse_header("A: 1\r\n 2\r\n\t3\r\nB: 4\n\n");
  ASSERT_THAT(names(header), ElementsAre("A", "B"));
  EXPECT_EQ(header.fields[0].raw, "A: 1\r\n 2\r\n\t3\r\n");
  EXPECT_EQ(header.fields[0].value, " 1\r\n 2\r\n\t3");
}

// RFC 5322 §4.2: obs-FWS has lines of white space only.
TEST(Header, ALineOfBlanksIsAContinuation) {
  EXPECT_THAT(names(parse_header("A: 1\r\n \r\n 2\r\nB: 3\r\n\r\n")), ElementsAre("A", "B"));
  EXPECT_EQ(body("A: 1\n \n\nbody"), "body");
}

// RFC 5322 §4.5.
TEST(Header, WhiteSpaceBeforeTheColonIsNoPartOfTheName) {
  const Header header = parse_header("From \t: a@b\n\n");
  ASSERT_THAT(names(header), ElementsAre("From"));
  EXPECT_EQ(header.fields[0].raw, "From \t: a@b\n");
}

// RFC 5322 §1.2.2.
TEST(Header, NamesCompareWithoutCase) {
  const Header header = parse_header("SUBJECT: 1\nsubject: 2\nX-Subject: 3\n\n");
  ASSERT_NE(header.first("Subject"), nullptr);
  EXPECT_EQ(header.first("Subject")->value, " 1");
  EXPECT_EQ(header.count("sUBJECT"), 2U);
  EXPECT_EQ(header.first("Subjec"), nullptr);
  EXPECT_EQ(header.count("Date"), 0U);
}

TEST(Header, TheEmptyLineEndsItWhateverTheLineEnds) {
  EXPECT_EQ(body("A: 1\r\n\r\n\r\nbody"), "\r\nbody");
  EXPECT_EQ(body("A: 1\n\nbody\n\nmore"), "body\n\nmore");
  EXPECT_EQ(body("A: 1\r\n\nbody"), "body");
  EXPECT_EQ(body("A: 1\r\r\n\r\r\nbody"), "body");
}

TEST(Header, WithoutAnEmptyLineThereIsNoBody) {
  for (const Bytes message : {"A: 1\nB: 2\n", "A: 1\nB: 2", "A: 1\nB: 2\r"}) {
    const Header header = parse_header(message);
    EXPECT_THAT(names(header), ElementsAre("A", "B"));
    EXPECT_EQ(header.fields[1].value, " 2");
    EXPECT_EQ(header.body_offset, message.size());
  }
}

TEST(Header, NothingHasNoFields) {
  EXPECT_TRUE(parse_header("").fields.empty());
  EXPECT_EQ(parse_header("").body_offset, 0U);
  EXPECT_TRUE(parse_header("\r\nbody").fields.empty());
}

TEST(Header, NulAndEightBitBytesAreKept) {
  const std::string message("A: \0\xff\x80z\nB: 1\n\n", 14);
  const Header header = parse_header(message);
  ASSERT_THAT(names(header), ElementsAre("A", "B"));
  EXPECT_EQ(header.fields[0].value, std::string(" \0\xff\x80z", 5));
}

TEST(Header, ALoneCarriageReturnEndsNoLine) {
  const Header header = parse_header("A: 1\rB: 2\r\n\r\n");
  ASSERT_THAT(names(header), ElementsAre("A"));
  EXPECT_EQ(header.fields[0].value, " 1\rB: 2");
}

TEST(Header, ALineWithoutColonIsSkipped) {
  const Header header = parse_header("A: 1\nthis is no field\nB: 2\n\nbody");
  EXPECT_THAT(names(header), ElementsAre("A", "B"));
  EXPECT_EQ(header.fields[0].raw, "A: 1\n");
  EXPECT_TRUE(header.flags.has_junk);
}

// RFC 5322 §2.2: a name is printable ASCII.
TEST(Header, ANameHasNoBlankControlNorEightBitCharacter) {
  for (const Bytes line :
       {"two words: 1\n", "a\x01z: 1\n", "\xc3\xa9: 1\n", ": 1\n", "a\x7f: 1\n"}) {
    const std::string message = std::string(line) + "B: 2\n\n";
    EXPECT_THAT(names(parse_header(message)), ElementsAre("B")) << line;
  }
}

TEST(Header, TwoLinesWithoutColonInARowAreTheBody) {
  EXPECT_EQ(body("A: 1\nDear Bob\nhow are you\n\nAlice"), "Dear Bob\nhow are you\n\nAlice");
  EXPECT_EQ(body("A: 1\njunk\nB: 2\njunk\n\nbody"), "body");
}

TEST(Header, JunkBeforeTheFirstFieldEndsNothing) {
  const Header header = parse_header("junk\nmore junk\nA: 1\n\nbody");
  EXPECT_THAT(names(header), ElementsAre("A"));
  EXPECT_TRUE(header.flags.has_junk);
}

// RFC 4155 Appendix A.
TEST(Header, AFromLineBeforeTheFieldsIsNoField) {
  const Header header = parse_header("From a@b Mon Apr 24 08:22:05 2017\r\nA: 1\r\n\r\nbody");
  EXPECT_EQ(header.from_line, "From a@b Mon Apr 24 08:22:05 2017");
  EXPECT_THAT(names(header), ElementsAre("A"));
  EXPECT_EQ(header.start, 35U);
  EXPECT_TRUE(header.flags.has_from_line);
}

TEST(Header, AByteOrderMarkAndBlankLinesBeforeTheFieldsAreSkipped) {
  const Header header = parse_header("\xef\xbb\xbf\r\n\n>From a@b\nA: 1\n\nbody");
  EXPECT_THAT(names(header), ElementsAre("A"));
  EXPECT_EQ(header.from_line, ">From a@b");
  EXPECT_TRUE(header.flags.has_from_line);
}

TEST(Header, FieldsAreListedUpToTheirLimit) {
  std::string message;
  for (std::size_t i = 0; i < fields_max; ++i) message += "A: 1\n";
  EXPECT_EQ(parse_header(message + "\nbody").fields.size(), fields_max);
  EXPECT_FALSE(parse_header(message + "\nbody").flags.has_too_many);

  const std::string over = message + "B: 2\n\nbody";
  EXPECT_EQ(parse_header(over).fields.size(), fields_max);
  EXPECT_EQ(parse_header(over).count("B"), 0U);
  EXPECT_TRUE(parse_header(over).flags.has_too_many);
  EXPECT_EQ(body(over), "body");
}

TEST(Header, AFieldAboveItsLimitIsFlaggedAndWhole) {
  const std::string field = "A:" + std::string(field_size_max - 3, 'x') + "\n";
  EXPECT_FALSE(parse_header(field + "\n").flags.has_large_field);
  const std::string over = "A:x" + field.substr(2);
  const std::string message = over + "\n";
  const Header header = parse_header(message);
  EXPECT_TRUE(header.flags.has_large_field);
  EXPECT_EQ(header.fields[0].raw, over);
}

TEST(Header, FieldsBeyondTheLimitOfTheSectionAreNotListed) {
  const std::string section = "A:" + std::string(header_size_max - 8, 'x') + "\nB: 2\n";
  ASSERT_EQ(section.size(), header_size_max);
  EXPECT_FALSE(parse_header(section + "\nbody").flags.is_cut);
  EXPECT_EQ(parse_header(section + "\nbody").count("B"), 1U);

  const std::string over = "A:x" + section.substr(2) + "C: 3\n\nbody";
  EXPECT_TRUE(parse_header(over).flags.is_cut);
  EXPECT_EQ(parse_header(over).count("C"), 0U);
  EXPECT_EQ(body(over), "body");
}

TEST(Unfold, OnlyLineEndsGo) {
  EXPECT_EQ(unfold(" a\r\n b\n\tc\r\n"), "a b\tc");
  EXPECT_EQ(unfold("\r\n a  \r\n  b \r\n "), "a    b");
  EXPECT_EQ(unfold(" \r\n\t"), "");
}

TEST(Unfold, ValueIsCutAtTheLimit) {
  EXPECT_EQ(unfold(std::string(field_size_max, 'x')), std::string(field_size_max, 'x'));
  EXPECT_EQ(unfold(std::string(field_size_max, 'x') + "y"), std::string(field_size_max, 'x'));
}

}  // namespace
}  // namespace leakfs::mail
