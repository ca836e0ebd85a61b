// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/mail/front.h"

#include <gtest/gtest.h>

#include "index/base/utf8.h"

namespace leakfs::mail {
namespace {

TEST(Front, LinesStandInTheDocumentedOrderBeforeAnEmptyLine) {
  Front front;
  front.from = "Alice Martin <alice@example.org>";
  front.to = "Bob <bob@example.org>";
  front.cc = "carol@example.org";
  front.date = 1493022125;
  front.zone_minutes = 120;
  front.subject = "Budget de campagne";
  front.message_id = "<1@example.org>";
  front.verified = "yes, by example.org";
  front.id = "1a2b";
  front.sources = {"leak.tar.gz/mail/1.eml", "leak.tar.gz/mail/2.eml"};
  front.attachments = {{.part = 2, .filename = "a.pdf", .type = "application/pdf", .size = 48213}};
  front.problems = {"a multipart is not closed"};
  EXPECT_EQ(render_front(front),
            "From: Alice Martin <alice@example.org>\n"
            "To: Bob <bob@example.org>\n"
            "Cc: carol@example.org\n"
            "Date: 2017-04-24 10:22:05 +0200 (2017-04-24T08:22:05Z)\n"
            "Subject: Budget de campagne\n"
            "Message-ID: <1@example.org>\n"
            "Verified: yes, by example.org\n"
            "Id: 1a2b\n"
            "Source: leak.tar.gz/mail/1.eml\n"
            "Source: leak.tar.gz/mail/2.eml\n"
            "Attachment: 2 a.pdf (application/pdf, 48213 bytes)\n"
            "Problem: a multipart is not closed\n"
            "\n");
}

TEST(Front, WhatIsAbsentHasNoLine) {
  Front front;
  front.from = "a@b";
  EXPECT_EQ(render_front(front), "From: a@b\n\n");
}

TEST(Front, ZoneWestOfUtcTurnsTheLocalDayBack) {
  Front front;
  front.date = 1493022125;
  front.zone_minutes = -570;
  EXPECT_EQ(render_front(front), "Date: 2017-04-23 22:52:05 -0930 (2017-04-24T08:22:05Z)\n\n");
}

TEST(Front, UnknownZoneIsUtcAndSaysSo) {
  Front front;
  front.date = 1493022125;
  EXPECT_EQ(render_front(front), "Date: 2017-04-24 08:22:05 -0000 (2017-04-24T08:22:05Z)\n\n");
}

TEST(Front, SubjectCannotAddALineNorDriveTheTerminal) {
  Front front;
  front.subject = "a\nVerified: yes\x1b[2J\xff";
  EXPECT_EQ(render_front(front), "Subject: a\uFFFDVerified: yes\uFFFD[2J\uFFFD\n\n");
}

TEST(Front, AttachmentWithoutNameIsCalledNoname) {
  Front front;
  front.attachments = {{.part = 1, .filename = "", .type = "image/png", .size = 3}};
  EXPECT_EQ(render_front(front), "Attachment: 1 noname (image/png, 3 bytes)\n\n");
}

}  // namespace
}  // namespace leakfs::mail
