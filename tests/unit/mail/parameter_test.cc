// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/parameter.h"

#include <string>

#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

// The parameter's value, or "none".
std::string parameter(Bytes value, std::string_view name) {
  return std::string(parse_parameterized(value).parameter(name).value_or("none"));
}

// RFC 2045 §5.1.
TEST(Parameter, ValueAndNamesAreLowerCase) {
  const ParameterizedValue value = parse_parameterized(" Text/HTML; CharSet=UTF-8\r\n");
  EXPECT_EQ(value.value, "text/html");
  ASSERT_EQ(value.parameters.size(), 1U);
  EXPECT_EQ(value.parameters[0].name, "charset");
  EXPECT_EQ(value.parameters[0].value, "UTF-8");
}

// RFC 2045 §5.1: "us-ascii (Plain text)" and "\"us-ascii\"" are the same.
TEST(Parameter, ACommentIsNoPartOfIt) {
  EXPECT_EQ(parameter("text/plain; charset=us-ascii (Plain text)", "charset"), "us-ascii");
  EXPECT_EQ(parameter("text/plain; charset=\"us-ascii\"", "charset"), "us-ascii");
  EXPECT_EQ(parameter("text/plain; boundary=b (a \\) (nested)) ; charset=c", "boundary"), "b");
  EXPECT_EQ(parameter("text/plain (a;b) ; (c) charset (d) = (e) x", "charset"), "x");
  EXPECT_EQ(parse_parameterized("(a) text/plain(b)").value, "text/plain");
}

TEST(Parameter, WhiteSpaceAndFoldingAroundItGo) {
  const Bytes value = " multipart/mixed ;\r\n\tboundary = abc ;\r\n charset = \"d\" ";
  EXPECT_EQ(parse_parameterized(value).value, "multipart/mixed");
  EXPECT_EQ(parameter(value, "boundary"), "abc");
  EXPECT_EQ(parameter(value, "charset"), "d");
}

// RFC 5322 §3.2.4.
TEST(Parameter, AQuotedStringHidesSeparatorsAndEscapes) {
  EXPECT_EQ(parameter("a/b; name=\"x; y=(1).pdf\"; z=2", "name"), "x; y=(1).pdf");
  EXPECT_EQ(parameter("a/b; name=\"x; y=(1).pdf\"; z=2", "z"), "2");
  EXPECT_EQ(parameter("a/b; name=\"say \\\"hi\\\" \\\\o/\"", "name"), "say \"hi\" \\o/");
  EXPECT_EQ(parameter("a/b; name=\"two\r\n lines\"", "name"), "two lines");
  EXPECT_EQ(parameter("a/b; name=\"\"; z=1", "name"), "");
}

TEST(Parameter, AnUnquotedNameMayHoldBlanks) {
  EXPECT_EQ(parameter("a/b; name=my report.pdf ; z=1", "name"), "my report.pdf");
  EXPECT_EQ(parameter("a/b; name=report (1).pdf", "name"), "report (1).pdf");
}

TEST(Parameter, AQuoteThatIsNotClosedGoesToTheEnd) {
  EXPECT_EQ(parameter("a/b; name=\"x; y=1", "name"), "x; y=1");
  EXPECT_EQ(parameter("a/b; name=\"x\\", "name"), "x\\");
}

TEST(Parameter, ACommentThatIsNotClosedGoesToTheEnd) {
  EXPECT_EQ(parse_parameterized("text/plain (x").value, "text/plain");
  EXPECT_EQ(parse_parameterized("text/plain; (x\\").value, "text/plain");
  EXPECT_EQ(parse_parameterized("(\\").value, "");
}

TEST(Parameter, ThatOccursTwiceCountsOnce) {
  EXPECT_EQ(parameter("a/b; name=first; name=second", "name"), "first");
}

TEST(Parameter, StraySemicolonsAndNamesWithoutValueAreSkipped) {
  EXPECT_EQ(parameter("a/b;; ; flag; =x; name=y;", "name"), "y");
  EXPECT_EQ(parameter("a/b", "name"), "none");
  EXPECT_EQ(parse_parameterized("").value, "");
  EXPECT_EQ(parse_parameterized("; name=x").value, "");
  EXPECT_EQ(parameter("; name=x", "name"), "x");
}

// RFC 2231 §3.
TEST(Parameter, SegmentsAreJoined) {
  const Bytes value =
      "message/external-body; access-type=URL;\r\n URL*0=\"ftp://\";\r\n"
      " URL*1=\"cs.utk.edu/pub/moose/bulk-mailer/bulk-mailer.tar\"";
  EXPECT_EQ(parameter(value, "url"), "ftp://cs.utk.edu/pub/moose/bulk-mailer/bulk-mailer.tar");
  EXPECT_EQ(parameter(value, "access-type"), "URL");
}

// RFC 2045 §5: the order of parameters has no meaning.
TEST(Parameter, SegmentsComeInAnyOrder) {
  EXPECT_EQ(parameter("a/b; n*10=k; n*2=c; n*1=b; n*0=a; n*3=d", "n"), "abcdk");
}

// RFC 2231 §4.
TEST(Parameter, CharsetAndLanguageStandBeforeAnEncodedValue) {
  EXPECT_EQ(
      parameter("application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
                "title"),
      "This is ***fun***");
  EXPECT_EQ(parameter("a/b; filename*=UTF-8''%e2%82%ac%20rates", "filename"), "€ rates");
  EXPECT_EQ(parameter("a/b; filename*=iso-8859-1'de'%A3%20%fc", "filename"), "£ ü");
  EXPECT_EQ(parameter("a/b; filename*=\"koi8-r''%F0%D2\"", "filename"), "Пр");
}

// RFC 2231 §4.1, with the semicolons that its example forgets.
TEST(Parameter, EncodedAndPlainSegmentsAreMixed) {
  EXPECT_EQ(parameter("application/x-stuff;\r\n title*0*=us-ascii'en'This%20is%20even%20more%20;"
                      "\r\n title*1*=%2A%2A%2Afun%2A%2A%2A%20;\r\n title*2=\"isn't it!\"",
                      "title"),
            "This is even more ***fun*** isn't it!");
}

TEST(Parameter, ACharacterMayBeSplitOverTwoSegments) {
  EXPECT_EQ(parameter("a/b; n*0*=utf-8''%E2%82; n*1*=%AC.txt", "n"), "€.txt");
}

// RFC 2231 §4.1: only segments with "*" are encoded.
TEST(Parameter, APercentSignInAPlainSegmentStays) {
  EXPECT_EQ(parameter("a/b; n*0*=utf-8''%41; n*1=%42", "n"), "A%42");
  EXPECT_EQ(parameter("a/b; n=100%41", "n"), "100%41");
}

TEST(Parameter, ABrokenPercentCodeStays) {
  EXPECT_EQ(parameter("a/b; n*=utf-8''100%; m=1", "n"), "100%");
  EXPECT_EQ(parameter("a/b; n*=utf-8''%4", "n"), "%4");
  EXPECT_EQ(parameter("a/b; n*=utf-8''%zz%-1%41", "n"), "%zz%-1A");
}

TEST(Parameter, AnEncodedValueMayLackItsCharset) {
  EXPECT_EQ(parameter("a/b; n*=''%C3%A9", "n"), "é");
  EXPECT_EQ(parameter("a/b; n*=%C3%A9", "n"), "é");
}

// RFC 6266 §4.3 says so for filename*, and mail programs that write both mean it.
TEST(Parameter, TheEncodedFormWinsOverThePlainOne) {
  EXPECT_EQ(parameter("attachment; filename=\"e.txt\"; filename*=utf-8''%C3%A9.txt", "filename"),
            "é.txt");
}

// RFC 2047 §5 forbids it, and it is what most mail has.
TEST(Parameter, EncodedWordsAreDecoded) {
  EXPECT_EQ(parameter("a/b; name=\"=?utf-8?Q?r=C3=A9sum=C3=A9?=.pdf\"", "name"), "résumé.pdf");
  EXPECT_EQ(parameter("a/b; name=\"=?utf-8?B?csOp?=\r\n =?utf-8?B?c3Vtw6k=?=\"", "name"), "résumé");
}

TEST(Parameter, EightBitTextIsUtf8OrGuessed) {
  EXPECT_EQ(parameter("a/b; name=\"d\xe9j\xe0.txt\"", "name"), "déjà.txt");
  EXPECT_EQ(parameter("a/b; name=\"déjà.txt\"", "name"), "déjà.txt");
}

TEST(Parameter, AreCutAtTheirLimit) {
  std::string value = "a/b";
  for (std::size_t i = 0; i < parameters_max; ++i) value += "; n" + std::to_string(i) + "=1";
  EXPECT_EQ(parse_parameterized(value).parameters.size(), parameters_max);
  EXPECT_FALSE(parse_parameterized(value).is_cut);
  EXPECT_EQ(parse_parameterized(value + "; m=1").parameters.size(), parameters_max);
  EXPECT_TRUE(parse_parameterized(value + "; m=1").is_cut);
}

TEST(Parameter, SegmentsCountTowardsTheLimit) {
  std::string value = "a/b";
  for (std::size_t i = 0; i < parameters_max; ++i) value += "; n*" + std::to_string(i) + "=x";
  EXPECT_EQ(parameter(value, "n"), std::string(parameters_max, 'x'));
  EXPECT_FALSE(parse_parameterized(value).is_cut);
  const std::string over = value + "; n*" + std::to_string(parameters_max) + "=y";
  EXPECT_EQ(parameter(over, "n"), std::string(parameters_max, 'x'));
  EXPECT_TRUE(parse_parameterized(over).is_cut);
}

}  // namespace
}  // namespace leakfs::mail
