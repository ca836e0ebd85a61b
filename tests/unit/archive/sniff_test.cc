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
