// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/attachment_name.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "index/base/utf8.h"
#include "index/store/records.h"

namespace leakfs::view {
namespace {

constexpr std::uint64_t id = 0x1a2b3c4d5e6f7a8b;

// A message with that subject and one attachment.
store::MessageRecord record(const std::string& subject, const std::string& filename,
                            std::uint32_t part = 2, std::uint8_t ordinal = 1) {
  records::MessageT message;
  constexpr std::uint8_t start[] = {0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x7a, 0x8b};
  message.sha256.assign(32, 0xff);
  std::ranges::copy(start, message.sha256.begin());
  message.ordinal = ordinal;
  message.date = 1493022125;
  message.from_address = "alice@example.org";
  message.subject = subject;
  auto attachment = std::make_unique<records::AttachmentT>();
  attachment->part = part;
  attachment->filename = filename;
  attachment->type = "application/pdf";
  message.attachments.push_back(std::move(attachment));
  return *store::MessageRecord::from(store::encode<records::Message>(message));
}
std::string name_in(const store::MessageRecord& message) {
  return attachment_name_of(*message, *message->attachments()->Get(0));
}

TEST(AttachmentName, IsThatOfTheManual) {
  EXPECT_EQ(name_in(record("Budget", "the plan.pdf")),
            "2017-04-24_08.22.05_alice@example.org_Budget_1a2b3c4d5e6f7a8b_2_the-plan.pdf");
  EXPECT_EQ(name_in(record("", "", 12, 2)),
            "2017-04-24_08.22.05_alice@example.org_1a2b3c4d5e6f7a8b-2_12_noname.pdf");
}

// Whatever the mail says, one reading of its name leads back to it.
TEST(AttachmentName, HoldsTheIdAndTheNumberThatAreFoundThere) {
  const std::string texts[] = {"",
                               "x",
                               "_2_",
                               "_2_x",
                               "1a2b3c4d5e6f7a8b_3_x",
                               "x_1a2b3c4d5e6f7a8b",
                               "1a2b3c4d5e6f7a8b-2_2_",
                               "-2",
                               "99999999999999999999_9",
                               "../../etc/passwd",
                               "\xc3\xa9t\xc3\xa9 \xe2\x80\xae.pdf",
                               std::string(500, '_'),
                               std::string(500, 's')};
  for (const std::string& subject : texts) {
    for (const std::string& filename : texts) {
      for (const std::uint32_t part : {0U, 1U, 9999U}) {
        for (const int ordinal : {1, 2, 255}) {
          const std::string name =
              name_in(record(subject, filename, part, static_cast<std::uint8_t>(ordinal)));
          const std::vector<NamedAttachment> found = attachments_in_name(name);
          EXPECT_TRUE(std::ranges::any_of(found, [&](const NamedAttachment& named) {
            return named.message.id == id && named.message.ordinal == ordinal && named.part == part;
          })) << name;
          EXPECT_LE(name.size(), 255U);
          EXPECT_TRUE(is_utf8(name));
        }
      }
    }
  }
}
TEST(AttachmentName, AnotherTextHoldsNone) {
  for (const char* text : {"", "_", "_2_", "1a2b3c4d5e6f7a8b", "1a2b3c4d5e6f7a8b_2",
                           "1a2b3c4d5e6f7a8b__x", "1a2b3c4d5e6f7a8b_-2_x", "1a2b3c4d5e6f7a8b_x_y",
                           "1a2b3c4d5e6f7a8b_4294967296_x", "1a2b3c4d5e6f7a8_2_x"}) {
    EXPECT_TRUE(attachments_in_name(text).empty()) << text;
  }
}

}  // namespace
}  // namespace leakfs::view
