// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/view/message_name.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "index/base/utf8.h"
#include "index/store/records.h"

namespace leakfs::view {
namespace {

using MessageRecord = store::MessageRecord;

records::MessageT message() {
  records::MessageT message;
  constexpr std::uint8_t id[] = {0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x7a, 0x8b};
  message.sha256.assign(32, 0xff);
  std::ranges::copy(id, message.sha256.begin());
  message.date = 1493022125;
  message.from_address = "alice@example.org";
  message.subject = "Budget de campagne";
  return message;
}

MessageRecord record(const records::MessageT& message) {
  return *MessageRecord::from(store::encode<records::Message>(message));
}

TEST(MessageName, IsThatOfTheManual) {
  EXPECT_EQ(name_of(*record(message())),
            "2017-04-24_08.22.05_alice@example.org_Budget-de-campagne_1a2b3c4d5e6f7a8b");
}
TEST(MessageName, WithoutDateSenderAndSubjectIsStillOne) {
  records::MessageT bare = message();
  bare.date = flatbuffers::nullopt;
  bare.from_address.clear();
  bare.subject.clear();
  EXPECT_EQ(name_of(*record(bare)), "0000-00-00_00.00.00_unknown_1a2b3c4d5e6f7a8b");
}
TEST(MessageName, AFurtherMessageOfTheSameIdHasItsOrdinal) {
  records::MessageT second = message();
  second.ordinal = 2;
  EXPECT_TRUE(name_of(*record(second)).ends_with("_1a2b3c4d5e6f7a8b-2"));
  EXPECT_EQ(name_in(records::Naming::id, *record(second)), "1a2b3c4d5e6f7a8b-2");
}

// Whatever the mail says, its name leads back to it.
TEST(MessageName, EndsInTheIdThatIsFoundThere) {
  const std::string subjects[] = {"",
                                  "Re: x",
                                  "-2",
                                  "ends in an id_1a2b3c4d5e6f7a8c",
                                  "ends in -9",
                                  "../../etc/passwd",
                                  std::string(500, 's'),
                                  "\xc3\xa9t\xc3\xa9 \xe2\x80\xae\xf0\x9f\x98\x80",
                                  std::string(100, '\n')};
  for (const std::string& subject : subjects) {
    for (const int ordinal : {1, 2, 10, 255}) {
      for (const records::Naming naming : {records::Naming::full, records::Naming::id}) {
        records::MessageT given = message();
        given.subject = subject;
        given.ordinal = static_cast<std::uint8_t>(ordinal);
        const std::string name = name_in(naming, *record(given));
        const std::optional<NamedId> found = id_in_name(name);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->id, 0x1a2b3c4d5e6f7a8bU) << name;
        EXPECT_EQ(found->ordinal, ordinal) << name;
        EXPECT_LE(name.size(), 160U);
        EXPECT_TRUE(is_utf8(name));
        EXPECT_EQ(name.find('/'), std::string::npos);
      }
    }
  }
}
TEST(MessageName, AnotherTextHoldsNoId) {
  for (const char* text : {"", "README", "1a2b3c4d5e6f7a8", "1A2B3C4D5E6F7A8B", "1a2b3c4d5e6f7a8g",
                           "1a2b3c4d5e6f7a8b-", "1a2b3c4d5e6f7a8b-0", "1a2b3c4d5e6f7a8b-1",
                           "1a2b3c4d5e6f7a8b-256", "1a2b3c4d5e6f7a8b-x", "1a2b3c4d5e6f7a8b--2"}) {
    EXPECT_FALSE(id_in_name(text)) << text;
  }
}
// Somebody else's index may have a hash of any length.
TEST(MessageName, OfAShortHashIsStillOne) {
  records::MessageT given = message();
  given.sha256 = {0x12};
  EXPECT_EQ(id_text(*record(given)), "0000000000000012");
  given.sha256.clear();
  EXPECT_EQ(id_of(*record(given)), 0U);
}

}  // namespace
}  // namespace leakfs::view
