// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/record_rules.h"

#include <functional>

#include <gtest/gtest.h>

#include "index/store/records.h"

namespace leakfs::store {
namespace {

// Whether a record of the type keeps the rules when that was done to it.
template <typename T, typename Object>
bool is_right(Object object, std::uint32_t number) {
  const Result<Record<T>> record = Record<T>::from(encode<T>(object));
  EXPECT_TRUE(record);
  return check_rules(**record, number).has_value();
}

records::MessageT message() {
  records::MessageT message;
  message.sha256.resize(32);
  message.sources.emplace_back(records::Extent(0, 100, 0), 1, 0, false);
  message.attachments.push_back(std::make_unique<records::AttachmentT>());
  message.attachments.back()->sha256.resize(32);
  return message;
}

TEST(RecordRules, AMessageHasAHashASourceAndADateThatCanBe) {
  EXPECT_TRUE(is_right<records::Message>(message(), 0));
  const std::function<void(records::MessageT&)> forgeries[] = {
      [](records::MessageT& m) { m.sha256.resize(7); },
      [](records::MessageT& m) { m.sources.clear(); },
      [](records::MessageT& m) { m.date = -1; },
      [](records::MessageT& m) { m.date = INT64_MAX; },
      [](records::MessageT& m) { m.zone_minutes = INT16_MIN; },
      [](records::MessageT& m) { m.text_size = UINT64_MAX; },
      [](records::MessageT& m) { m.text_size = text_size_max, m.front_size = 1; },
      [](records::MessageT& m) { m.evidence_size = UINT64_MAX; },
      [](records::MessageT& m) {
        m.sources[0] = records::Source(records::Extent(UINT64_MAX, 2, 0), 1, 0, false);
      },
      [](records::MessageT& m) { m.attachments[0]->offset = UINT64_MAX; },
      [](records::MessageT& m) { m.attachments[0]->sha256.clear(); },
  };
  for (const auto& forge : forgeries) {
    records::MessageT forged = message();
    forge(forged);
    EXPECT_FALSE(is_right<records::Message>(std::move(forged), 0)) << &forge - forgeries;
  }
}
TEST(RecordRules, AFolderHasOthersBehindItOnly) {
  records::FolderT folder;
  EXPECT_TRUE(is_right<records::Folder>(folder, 5));
  folder.children = 2;
  folder.first_child = 6;
  EXPECT_TRUE(is_right<records::Folder>(folder, 5));
  EXPECT_FALSE(is_right<records::Folder>(folder, 6));
  folder.first_child = UINT32_MAX;
  EXPECT_FALSE(is_right<records::Folder>(folder, 5));
  folder = {};
  folder.naming = static_cast<records::Naming>(7);
  EXPECT_FALSE(is_right<records::Folder>(folder, 5));
}
TEST(RecordRules, AnEntryIsInOneBeforeIt) {
  records::EntryT entry;
  EXPECT_TRUE(is_right<records::Entry>(entry, 0));
  entry.parent = 4;
  EXPECT_TRUE(is_right<records::Entry>(entry, 5));
  EXPECT_FALSE(is_right<records::Entry>(entry, 4));
  EXPECT_FALSE(is_right<records::Entry>(entry, 3));
}
TEST(RecordRules, AStreamIsInOneBeforeItAndOfAKindThatIsKnown) {
  records::StreamT stream;
  stream.is_nested = true;
  stream.input = 4;
  EXPECT_TRUE(is_right<records::Stream>(stream, 5));
  EXPECT_FALSE(is_right<records::Stream>(stream, 4));
  stream.kind = 10;
  EXPECT_FALSE(is_right<records::Stream>(stream, 5));
  stream = {};
  stream.offset = stream.stored_length = UINT64_MAX;
  EXPECT_FALSE(is_right<records::Stream>(stream, 5));
}
TEST(RecordRules, TheFirstAttachmentOfAContentIsNotBehindIt) {
  records::AttachmentPlaceT place;
  place.first = 3;
  EXPECT_TRUE(is_right<records::AttachmentPlace>(place, 3));
  EXPECT_FALSE(is_right<records::AttachmentPlace>(place, 2));
}

}  // namespace
}  // namespace leakfs::store
