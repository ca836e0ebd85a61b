// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/mime.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "index/mail/text.h"

namespace leakfs::mail {
namespace {

Structure structure_of(const std::string& message) {
  return parse_structure(message, parse_header(message));
}

std::vector<std::string> leaves(const std::string& message) {
  std::vector<std::string> bodies;
  for (const Part& part : structure_of(message).parts) {
    if (part.kind == PartKind::leaf) bodies.emplace_back(part.body.of(message));
  }
  return bodies;
}

std::string text(const std::string& message) { return render_body(message, structure_of(message)); }

using Bodies = std::vector<std::string>;

std::string mixed(const std::string& body, const std::string& boundary = "b") {
  return "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n" + body;
}

TEST(Mime, PartsEndBeforeTheLineEndOfTheirBoundary) {
  EXPECT_EQ(
      leaves(mixed("preamble\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n\n--b--\nend")),
      (Bodies{"one", "two\n"}));
  EXPECT_EQ(leaves(mixed("--b\r\n\r\none\r\n--b--\r\n")), Bodies{"one"});
}
TEST(Mime, ABoundaryIsAWholeLine) {
  EXPECT_EQ(leaves(mixed("--b\n\nx --b\n--bb\n--b-\n--b \n\ntwo\n--b--\n")),
            (Bodies{"x --b\n--bb\n--b-", "two"}));
}
TEST(Mime, AnOuterBoundaryEndsAnUnclosedMultipart) {
  const std::string message = mixed(
      "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--\n");
  EXPECT_EQ(leaves(message), (Bodies{"one", "two"}));
  EXPECT_TRUE(structure_of(message).is_unclosed);
}
TEST(Mime, AMissingCloseKeepsTheLastPart) {
  EXPECT_EQ(leaves(mixed("--b\n\none\n--b\n\ntwo")), (Bodies{"one", "two"}));
  EXPECT_TRUE(structure_of(mixed("--b\n\none\n--b\n\ntwo")).is_unclosed);
}
TEST(Mime, ABoundaryThatNeverComesLeavesText) {
  EXPECT_EQ(text(mixed("just text\n")), "just text\n");
}
TEST(Mime, APartWithoutHeaderIsAllBody) {
  EXPECT_EQ(leaves(mixed("--b\nno header here\nnor here\n--b--\n")),
            Bodies{"no header here\nnor here"});
}
TEST(Mime, AQuotedSemicolonIsPartOfTheBoundary) {
  EXPECT_EQ(leaves(mixed("--a;b\n\none\n--a;b--\n", "a;b")), Bodies{"one"});
}
TEST(Mime, AnAttachedMessageHasItsOwnParts) {
  const std::string message = mixed(
      "--b\n\nhello\n--b\nContent-Type: message/rfc822\n\nFrom: a@x\nSubject: Inner\n\ninner\n"
      "--b--\n");
  EXPECT_EQ(leaves(message), (Bodies{"hello", "inner"}));
  EXPECT_EQ(text(message), "hello\n\n> From: a@x\n> Subject: Inner\n>\n> inner\n");
}
TEST(Mime, PartsOfADigestAreMessages) {
  EXPECT_EQ(text("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: One\n\nx\n--b--\n"),
            "> Subject: One\n>\n> x\n");
}
TEST(Mime, NestingIsCutAtItsLimit) {
  std::string body = "Content-Type: text/plain\n\ndeep\n";
  for (int level = 0; level < depth_max; ++level) {
    body.insert(0, "Content-Type: message/rfc822\n\n");
  }
  EXPECT_FALSE(structure_of(body).is_depth_cut);
  EXPECT_TRUE(structure_of("Content-Type: message/rfc822\n\n" + body).is_depth_cut);
}
TEST(Mime, MultipartsAndMessagesCountTogether) {
  std::string body = "Content-Type: text/plain\n\ndeep\n";
  for (int level = 0; level < depth_max; ++level) {
    body.insert(0, level % 2 == 0 ? "Content-Type: message/rfc822\n\n"
                                  : "Content-Type: multipart/mixed; boundary=b\n\n--b\n");
  }
  EXPECT_FALSE(structure_of(body).is_depth_cut);
  EXPECT_EQ(leaves(body), Bodies{"deep\n"});
  const std::string over = "Content-Type: message/rfc822\n\n" + body;
  EXPECT_TRUE(structure_of(over).is_depth_cut);
  EXPECT_EQ(structure_of(over).parts.size(), std::size_t{depth_max} + 1);
  EXPECT_EQ(leaves(over).size(), 1U);
  EXPECT_EQ(structure_of(over).parts.back().body.end(), over.size());
}
TEST(Mime, PartsAreCutAtTheirLimit) {
  std::string body;
  for (std::size_t i = 1; i < parts_max; ++i) body += "--b\n\nx\n";
  const Structure whole = structure_of(mixed(body + "--b--\n"));
  EXPECT_EQ(whole.parts.size(), parts_max);
  EXPECT_FALSE(whole.is_parts_cut);
  EXPECT_EQ(whole.parts.back().body.length, 1U);

  const std::string over = mixed(body + "--b\n\ny\n--b--\n");
  const Structure cut = structure_of(over);
  EXPECT_EQ(cut.parts.size(), parts_max);
  EXPECT_TRUE(cut.is_parts_cut);
  EXPECT_EQ(cut.parts.back().body.of(over), "x\n--b\n\ny\n--b--\n");
}
TEST(Mime, WhatFollowsTheLastPartIsOfItEvenBehindItsMultipart) {
  std::string body = "--b\nContent-Type: multipart/mixed; boundary=c\n\n";
  for (std::size_t i = 2; i < parts_max; ++i) body += "--c\n\nx\n";
  EXPECT_FALSE(structure_of(mixed(body + "--c--\n--b--\n")).is_parts_cut);
  const std::string over = mixed(body + "--c--\n--b\n\ny\n--b--\n");
  EXPECT_TRUE(structure_of(over).is_parts_cut);
  EXPECT_EQ(structure_of(over).parts.back().body.end(), over.size());
}
TEST(Mime, ABoundaryAboveItsLimitIsNone) {
  const std::string boundary(boundary_size_max, 'b');
  EXPECT_EQ(leaves(mixed("--" + boundary + "\n\none\n--" + boundary + "--\n", boundary)),
            Bodies{"one"});
  const std::string body = "--b" + boundary + "\n\none\n--b" + boundary + "--\n";
  EXPECT_EQ(leaves(mixed(body, "b" + boundary)), Bodies{body});
}
// RFC 2046 §5.1.1: it is compared with case and may hold blanks and any of these.
TEST(Mime, ABoundaryHasAnyCharacterOfItsAlphabet) {
  EXPECT_EQ(leaves(mixed("--B\n\none\n--b\n\ntwo\n--B--\n", "B")), Bodies{"one\n--b\n\ntwo"});
  EXPECT_EQ(leaves(mixed("--a '()+_,-./:=?z\n\none\n--a '()+_,-./:=?z--\n", "a '()+_,-./:=?z")),
            Bodies{"one"});
}
TEST(Mime, ANameOrAnotherTypeMakesAnAttachment) {
  const Structure structure =
      structure_of(mixed("--b\n\ntext\n--b\nContent-Type: application/pdf\n\nx\n--b\n"
                         "Content-Disposition: inline; filename=\"n.txt\"\n\nshown\n--b--\n"));
  ASSERT_EQ(structure.parts.size(), 4U);
  EXPECT_FALSE(structure.parts[1].is_attachment);
  EXPECT_TRUE(structure.parts[2].is_attachment);
  EXPECT_TRUE(structure.parts[3].is_attachment);
  EXPECT_EQ(structure.parts[3].filename, "n.txt");
}

TEST(Text, OfAlternativesThePlainOneIsShown) {
  const std::string html = "--b\nContent-Type: text/html\n\n<p>html</p>\n";
  const std::string head = "Content-Type: multipart/alternative; boundary=b\n\n";
  EXPECT_EQ(text(head + html + "--b\n\nplain\n--b--\n"), "plain\n");
  EXPECT_EQ(text(head + html + "--b\n\n \n--b--\n"), "html\n");
}
TEST(Text, IsUtf8WhateverItsCharsetAndEncoding) {
  EXPECT_EQ(text("Content-Type: text/plain; charset=iso-8859-1\n"
                 "Content-Transfer-Encoding: quoted-printable\n\nprobl=E8me\n"),
            "problème\n");
  EXPECT_EQ(text("Content-Type: text/plain; charset=windows-1252\n"
                 "Content-Transfer-Encoding: base64\n\nZOlq4A==\n"),
            "déjà\n");
}
TEST(Text, FlowedLinesAreJoined) {
  EXPECT_EQ(text("Content-Type: text/plain; format=flowed\n\none \ntwo\n> a \n> b\n-- \nsig\n"),
            "one two\n> a b\n-- \nsig\n");
}
TEST(Text, IsSafeOnATerminal) {
  EXPECT_EQ(text("A: b\n\n\x1b[31mred\r\nnext\n"), "\uFFFD[31mred\nnext\n");
}

}  // namespace
}  // namespace leakfs::mail
