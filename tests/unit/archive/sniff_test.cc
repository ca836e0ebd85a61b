// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/sniff.h"

#include <gtest/gtest.h>

namespace leakfs::archive {
namespace {

TEST(Sniff, FieldsThatOnlyMailHasMakeAMessage) {
  EXPECT_EQ(sniff("Received: from x\n\tby y\nSubject: z\n\nbody"), Content::message);
  EXPECT_EQ(sniff("X-Priority: 3\nMessage-ID: <1@x>\n\n"), Content::message);
}
TEST(Sniff, TwoPlainFieldsDoToo) {
  EXPECT_EQ(sniff("From: a@x\nDate: today\n\nbody"), Content::message);
  EXPECT_EQ(sniff("Subject: only a note\n\nbody"), Content::other);
}
TEST(Sniff, ABomABlankLineOrOneStrayLineBeforeIsForgiven) {
  EXPECT_EQ(sniff("\xef\xbb\xbf\r\nFrom: a@x\r\nTo: b@y\r\n\r\n"), Content::message);
  EXPECT_EQ(sniff("stray\nFrom: a@x\nTo: b@y\n\n"), Content::message);
}
TEST(Sniff, AFromLineMakesAnMbox) {
  EXPECT_EQ(sniff("From a@x Mon Apr 24 08:22:05 2017\nFrom: a@x\nTo: b@y\n\n"), Content::mbox);
}
TEST(Sniff, AFromLineMayHaveADateOfAnyKind) {
  for (const char* date : {"Mon Apr 24 08:22:05 2017", "Mon Apr 24 08:22:05 +0200 2017",
                           "Mon Apr 24 08:22:05", "Mon, 24 Apr 17 8:22", "2017-04-24 08:22:05"}) {
    EXPECT_EQ(sniff("From a@x " + std::string(date) + "\nFrom: a@x\nTo: b@y\n\n"), Content::mbox)
        << date;
  }
  EXPECT_EQ(sniff("From Monday on we meet at 8:22\nFrom: a@x\nTo: b@y\n\n"), Content::message);
}
TEST(Sniff, AnMboxMayHaveSomethingInFront) {
  const std::string mbox = "From a@x Mon Apr 24 08:22:05 2017\nFrom: a@x\nTo: b@y\n\nbody\n";
  EXPECT_EQ(sniff("\n\n" + mbox), Content::mbox);
  EXPECT_EQ(sniff("exported by a program\nthat says so\n\n" + mbox), Content::mbox);
  EXPECT_EQ(sniff("From a@x Mon Apr 24 08:22:05 2017\nX-Odd: 1\n\nbody\n\n" + mbox), Content::mbox);
}
TEST(Sniff, OfAHeaderThatIsLargerThanTheHeadOneFieldIsEnough) {
  const std::string list(sniff_size, 'a');
  EXPECT_EQ(sniff(Bytes("To: " + list).substr(0, sniff_size)), Content::message);
  EXPECT_EQ(sniff(Bytes("To: " + list).substr(0, sniff_size - 1)), Content::other);
}
TEST(Sniff, ProseThatQuotesAHeaderIsNoMail) {
  EXPECT_EQ(sniff("Hello,\nthis is what came:\n\n> x\nFrom: a@x\nTo: b@y\nDate: z\n\n"),
            Content::other);
}
TEST(Sniff, OtherContentIsNoMail) {
  EXPECT_EQ(sniff(""), Content::other);
  EXPECT_EQ(sniff(std::string(1000, '\0')), Content::other);
  EXPECT_EQ(sniff("HTTP/1.1 200 OK\nServer: x\nContent-Length: 3\n\nabc"), Content::other);
}

}  // namespace
}  // namespace leakfs::archive
