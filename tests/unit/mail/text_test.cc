// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/text.h"

#include <string>

#include <gtest/gtest.h>

namespace leakfs::mail {
namespace {

std::string text(const std::string& message) {
  return render_body(message, parse_structure(message, parse_header(message)));
}

std::string flowed(const std::string& body, const std::string& more = "") {
  return text("Content-Type: text/plain; format=flowed" + more + "\n\n" + body);
}

std::string multipart(const std::string& subtype, const std::string& body) {
  return "Content-Type: multipart/" + subtype + "; boundary=" + subtype + "\n\n" + body + "--" +
         subtype + "--\n";
}

// RFC 3676 §4.1.
TEST(Flowed, LinesThatEndWithABlankGoOn) {
  EXPECT_EQ(flowed("one \ntwo \nthree\nfour\n"), "one two three\nfour\n");
  EXPECT_EQ(flowed("one \r\ntwo\r\n\r\nthree\r\n"), "one two\n\nthree\n");
}

// RFC 3676 §4: "neither the parameter names nor values are case sensitive".
TEST(Flowed, IsNamedInAnyCase) {
  EXPECT_EQ(text("Content-Type: text/plain; Format=\"Flowed\"; DelSp=\"YES\"\n\na \nb\n"), "ab\n");
}

TEST(Flowed, OtherTextIsNot) {
  EXPECT_EQ(text("Content-Type: text/plain; format=fixed\n\na \nb\n"), "a \nb\n");
  EXPECT_EQ(text("A: b\n\na \nb\n"), "a \nb\n");
}

// RFC 3676 §4.1: with DelSp the blank was added by the flowing.
TEST(Flowed, WithDelSpTheLastBlankGoes) {
  EXPECT_EQ(flowed("one \ntwo  \nthree\n", "; delsp=yes"), "onetwo three\n");
  EXPECT_EQ(flowed("one \ntwo\n", "; delsp=no"), "one two\n");
}

// RFC 3676 §4.4.
TEST(Flowed, OneStuffedBlankGoes) {
  EXPECT_EQ(flowed(" From here\n  two\n >no quote\n"), "From here\n two\n>no quote\n");
  EXPECT_EQ(flowed("one \n two\n"), "one two\n");
}

// RFC 3676 §4.3: "-- " neither flows nor is flowed into.
TEST(Flowed, ASignatureLineStandsAlone) {
  EXPECT_EQ(flowed("text \n-- \nAlice\n"), "text \n-- \nAlice\n");
  EXPECT_EQ(flowed("> text \n> -- \n> Alice\n"), "> text \n> -- \n> Alice\n");
}

// RFC 3676 §4.5, with the levels of its example.
TEST(Flowed, QuotesFlowWithinTheirLevel) {
  EXPECT_EQ(flowed(">> one \n>> two\n> three \n> four\nfive\n"),
            ">> one two\n> three four\nfive\n");
  EXPECT_EQ(flowed("> one \ntwo\n"), "> one \ntwo\n");
  EXPECT_EQ(flowed(">one \n>two\n"), "> one two\n");
}

TEST(Flowed, MayEndInTheMiddleOfAParagraph) {
  EXPECT_EQ(flowed("one \ntwo "), "one two \n");
  EXPECT_EQ(flowed(""), "");
}

TEST(Body, OfOtherTypesIsNotShown) {
  EXPECT_EQ(text("Content-Type: application/pdf\n\n%PDF\n"), "");
  EXPECT_EQ(text("Content-Type: text/plain\nContent-Disposition: attachment\n\nx\n"), "");
}

TEST(Body, EndsWithALineFeedUnlessEmpty) {
  EXPECT_EQ(text("A: b\n\nlast line"), "last line\n");
  EXPECT_EQ(text("A: b\n\n"), "");
}

TEST(Body, LineEndsOfAnyKindAreOne) {
  EXPECT_EQ(text("A: b\n\na\r\nb\rc\r\r\nd\ne\r"), "a\nb\nc\nd\ne\n");
}

TEST(Body, CharsetIsConvertedAfterTheEncodingIsUndone) {
  EXPECT_EQ(text("Content-Type: text/plain; charset=iso-2022-jp\n"
                 "Content-Transfer-Encoding: quoted-printable\n\n=1B$BF|K\\8l=1B(B\n"),
            "日本語\n");
  EXPECT_EQ(text("Content-Type: text/plain; charset=\"utf-16\"\n"
                 "Content-Transfer-Encoding: base64\n\n//5hAOkA\n"),
            "aé\n");
  EXPECT_EQ(text("Content-Type: text/plain; charset=us-ascii (of a kind)\n\nd\xc3\xa9j\xc3\xa0\n"),
            "déjà\n");
}

// RFC 3629 §6: as a signature it is no part of the text.
TEST(Body, AByteOrderMarkAtItsStartGoes) {
  EXPECT_EQ(text("Content-Type: text/plain; charset=utf-8\n\n\xef\xbb\xbfhello\n"), "hello\n");
}

// RFC 2046 §5.1.3.
TEST(Body, TextsOfAMixedMessageFollowOneAnother) {
  EXPECT_EQ(text(multipart("mixed",
                           "--mixed\n\none\n--mixed\nContent-Type: text/html\n\n<p>two\n"
                           "--mixed\nContent-Type: image/png\n\nx\n--mixed\n\nthree\n")),
            "one\n\ntwo\n\nthree\n");
}

TEST(Body, EachPartHasItsOwnCharset) {
  EXPECT_EQ(text(multipart("mixed",
                           "--mixed\nContent-Type: text/plain; charset=koi8-r\n\n\xf0\xd2\n"
                           "--mixed\nContent-Type: text/plain; charset=iso-8859-7\n\n\xc5\xeb\n")),
            "Пр\n\nΕλ\n");
}

// RFC 2046 §5.1.4.
TEST(Body, OfAlternativesOneIsShown) {
  const std::string plain = "--alternative\n\nplain\n";
  const std::string html = "--alternative\nContent-Type: text/html\n\n<p>html\n";
  const std::string calendar = "--alternative\nContent-Type: text/calendar\n\nBEGIN\n";
  EXPECT_EQ(text(multipart("alternative", plain + html + calendar)), "plain\n");
  EXPECT_EQ(text(multipart("alternative", html + plain)), "plain\n");
  EXPECT_EQ(text(multipart("alternative", html)), "html\n");
}

// RFC 2387: the HTML and its images.
TEST(Body, AnAlternativeMayBeMadeOfParts) {
  const std::string related = multipart(
      "related",
      "--related\nContent-Type: text/html\n\n<p>html\n--related\nContent-Type: image/png\n\nx\n");
  EXPECT_EQ(text(multipart("alternative", "--alternative\n\nplain\n--alternative\n" + related)),
            "plain\n");
  EXPECT_EQ(text(multipart("alternative", "--alternative\n" + related)), "html\n");
}

TEST(Body, AnAttachedMessageIsIndentedUnderItsFields) {
  const std::string inner =
      "Received: x\nSubject: =?utf-8?q?=C3=A9t=C3=A9?=\nFrom: a@b\n\none\n\ntwo\n";
  EXPECT_EQ(text("Content-Type: message/rfc822\n\n" + inner),
            "> From: a@b\n> Subject: été\n>\n> one\n>\n> two\n");
  EXPECT_EQ(
      text("Content-Type: message/rfc822\n\nSubject: outer\nContent-Type: message/rfc822\n\n" +
           inner),
      "> Subject: outer\n>\n> > From: a@b\n> > Subject: été\n> >\n> > one\n> >\n> > two\n");
}

// RFC 3464 §2.
TEST(Body, ADeliveryReportIsShown) {
  EXPECT_EQ(text(multipart("report",
                           "--report\n\nsorry\n--report\nContent-Type: message/delivery-status\n\n"
                           "Action: failed\n")),
            "sorry\n\nAction: failed\n");
}

TEST(Body, CannotDriveATerminal) {
  EXPECT_EQ(text("A: b\n\na\x1b[2J\tb\x07\xc2\x9b\u202E\n"), "a\uFFFD[2J\tb\uFFFD\uFFFD\uFFFD\n");
  EXPECT_EQ(text("Content-Type: message/rfc822\n\nSubject: =?utf-8?q?a=0Ab=1B?=\n\nx\n"),
            "> Subject: a\uFFFDb\uFFFD\n>\n> x\n");
}

}  // namespace
}  // namespace leakfs::mail
