// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of an index that was damaged, cut or made by somebody else.
#include "index/store/snapshot.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/store/seal.h"
#include "index/store/writer.h"
#include "tests/unit/scratch.h"

namespace leakfs::store {
namespace {

using testing::HasSubstr;

class SnapshotOf : public testing::Test {
 protected:
  // An index of one message with the text "hello" and of the file README.txt.
  void SetUp() override {
    Result<IndexWriter> writer = IndexWriter::create(path_, false);
    ASSERT_TRUE(writer);
    FrameEncoder encoder(Bytes(), 3);
    ByteString text;
    encoder.append(text, "hello");
    message_.text = std::make_unique<records::Frame>(*writer->heap().append(text));
    message_.text_size = 5;
    message_.sha256.resize(32);
    message_.sources = {records::Source({}, 0, 0, false)};
    BlockWriter blocks(writer->heap());
    ASSERT_TRUE(blocks.append("read me"));
    const Result<records::FileT> file = blocks.finish();
    records::IndexT index;
    index.messages = 1;
    index.entries = 1;
    TableWriter& tables = writer->tables();
    ByteString record;
    encoder.append(record, encode<records::Message>(message_));
    ASSERT_TRUE(tables.append(Table::meta, "index", encode<records::Index>(index)));
    ASSERT_TRUE(tables.append(Table::messages, bytes_of(key_of(0)), record));
    ASSERT_TRUE(tables.append(Table::messages, bytes_of(key_of(1)), "no frame"));
    ASSERT_TRUE(tables.append(Table::ids, bytes_of(key_of(7, 1)), bytes_of(key_of(0))));
    ASSERT_TRUE(tables.append(Table::ids, bytes_of(key_of(8, 1)), "x"));
    ASSERT_TRUE(tables.append(Table::folders, bytes_of(key_of(0)), "noise that is no record"));
    ASSERT_TRUE(
        tables.append(Table::folder_messages, bytes_of(key_of(0)), Bytes("\0\0\0\1\0\0\0\3", 8)));
    ASSERT_TRUE(tables.append(Table::entries, bytes_of(key_of(0)),
                              encode<records::Entry>(records::EntryT())));
    ASSERT_TRUE(tables.append(Table::files, "README.txt", encode<records::File>(*file)));
    ASSERT_TRUE(writer->finish("leakfs test"));
    const Result<File> whole = File::open(path_);
    bytes_ = *whole->read(0, *whole->size());
  }

  Result<Snapshot> open() const { return Snapshot::open(path_); }
  Result<Snapshot> open(const ByteString& bytes) const {
    return Snapshot::open(scratch_.write("damaged", bytes));
  }
  std::size_t tables_size() const {
    return decode_seal(bytes_.substr(bytes_.size() - page_size), bytes_.size())->tables_length;
  }

  Scratch scratch_;
  std::string path_ = scratch_.path("index");
  records::MessageT message_;
  ByteString bytes_;
};

TEST_F(SnapshotOf, AWholeIndexGivesWhatWasWritten) {
  const Result<Snapshot> index = open();
  ASSERT_TRUE(index) << index.error().text;
  const Result<MessageRecord> message = index->message({0});
  ASSERT_TRUE(message);
  EXPECT_EQ(index->text(**message), "hello");
  const auto file = index->file("README.txt");
  ASSERT_TRUE(file && *file);
  EXPECT_EQ(index->block(*(**file)->frames()->Get(0)), "read me");
  EXPECT_EQ(is_index(path_), true);
}
TEST_F(SnapshotOf, WhatIsAbsentIsNoDamage) {
  const Result<Snapshot> index = open();
  EXPECT_EQ(index->find(7, 1), MessageId{0});
  EXPECT_EQ(index->find(7, 2), std::nullopt);
  EXPECT_FALSE(index->file("absent")->has_value());
  EXPECT_EQ(index->messages_of({9})->size(), 0U);
  EXPECT_EQ(index->message({9}).error().number, ENOENT);
  EXPECT_EQ(index->stream({0}).error().number, ENOENT);
}
TEST_F(SnapshotOf, AnIdListIsSearched) {
  const Result<Snapshot> index = open();
  const Result<IdList<MessageId>> list = index->messages_of({0});
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ((*list)[1], MessageId{3});
  EXPECT_TRUE(list->contains({1}));
  EXPECT_TRUE(list->contains({3}));
  for (const std::uint32_t number : {0U, 2U, 4U}) EXPECT_FALSE(list->contains({number}));
}

TEST_F(SnapshotOf, AByteOfTheTablesThatChangedIsFoundAtOnce) {
  for (std::size_t at = 0; at < tables_size(); at += 61) {
    ByteString damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const Result<Snapshot> index = open(damaged);
    ASSERT_FALSE(index) << at;
    EXPECT_EQ(index.error().status, ExitStatus::input);
    EXPECT_THAT(index.error().text, HasSubstr("damaged (its tables)"));
  }
}
TEST_F(SnapshotOf, AByteOfTheHeapThatChangedIsFoundWhenItIsRead) {
  std::size_t errors = 0;
  const std::size_t heap_size = bytes_.size() - page_size - tables_size();
  for (std::size_t at = tables_size(); at < bytes_.size() - page_size; ++at) {
    ByteString damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const Result<Snapshot> index = open(damaged);
    ASSERT_TRUE(index) << at;
    const Result<ByteString> text = index->text(**index->message({0}));
    const Result<ByteString> block = index->block(*(**index->file("README.txt"))->frames()->Get(0));
    EXPECT_TRUE(!text || *text == "hello") << at;
    EXPECT_TRUE(!block || *block == "read me") << at;
    if (!text || !block) ++errors;
  }
  EXPECT_GE(errors, heap_size * 9 / 10);
}
TEST_F(SnapshotOf, AFileThatWasCutOrGrewIsNone) {
  const ByteString more = bytes_ + '\0';
  EXPECT_FALSE(open(more));
  EXPECT_FALSE(open(bytes_ + bytes_.substr(bytes_.size() - page_size)));
  EXPECT_FALSE(open(bytes_.substr(page_size)));
  EXPECT_FALSE(open(bytes_.substr(bytes_.size() - page_size)));
  for (std::size_t size = 0; size < bytes_.size(); size += 997) {
    EXPECT_FALSE(open(bytes_.substr(0, size))) << size;
  }
}
TEST_F(SnapshotOf, AnotherFileIsNone) {
  EXPECT_FALSE(Snapshot::open(scratch_.path("absent")));
  EXPECT_FALSE(Snapshot::open(scratch_.path("")));
  EXPECT_EQ(is_index(scratch_.write("mail", "From: a@example.org\n\n")), false);
  EXPECT_EQ(is_index(scratch_.write("empty", "")), false);
  EXPECT_FALSE(is_index(scratch_.path("absent")));
}

// Somebody else's index can have any record behind a good seal.
TEST_F(SnapshotOf, ARecordThatIsNoneIsAnError) {
  const Result<Snapshot> index = open();
  EXPECT_FALSE(index->message({1}));
  EXPECT_FALSE(index->folder({0}));
  EXPECT_FALSE(index->find(8, 1));
}
TEST_F(SnapshotOf, AFrameBeyondTheHeapIsAnError) {
  const Result<Snapshot> index = open();
  for (const records::Frame frame : {records::Frame(UINT64_MAX, 1), records::Frame(0, UINT32_MAX),
                                     records::Frame(UINT64_MAX - 3, 8)}) {
    EXPECT_FALSE(index->block(frame));
    records::MessageT message;
    message.text = std::make_unique<records::Frame>(frame);
    const Result<MessageRecord> record = MessageRecord::from(encode<records::Message>(message));
    EXPECT_FALSE(index->text(**record));
  }
}
TEST_F(SnapshotOf, TheCheckFollowsAttachmentsToTheirMessages) {
  const auto checked = [&](const records::AttachmentPlaceT& place) {
    const std::string path = scratch_.path("attachments");
    Result<IndexWriter> writer = IndexWriter::create(path, true);
    records::IndexT index;
    index.messages = 1;
    index.entries = 1;
    index.attachments = 1;
    message_.attachments.clear();
    message_.attachments.push_back(std::make_unique<records::AttachmentT>());
    message_.attachments.back()->sha256.resize(32);
    message_.text = nullptr;
    message_.text_size = 0;
    ByteString record;
    FrameEncoder(Bytes(), 3).append(record, encode<records::Message>(message_));
    TableWriter& tables = writer->tables();
    const auto put = [&](Table table, Bytes value) {
      EXPECT_TRUE(tables.append(table, bytes_of(key_of(0)), value));
    };
    EXPECT_TRUE(tables.append(Table::meta, "index", encode<records::Index>(index)));
    put(Table::messages, record);
    put(Table::entries, encode<records::Entry>(records::EntryT()));
    put(Table::attachments, encode<records::AttachmentPlace>(place));
    EXPECT_TRUE(writer->finish("leakfs test"));
    return Snapshot::open(path)->check();
  };
  EXPECT_TRUE(checked({}));
  records::AttachmentPlaceT place;
  place.index = 1;
  EXPECT_THAT(checked(place).error().text, HasSubstr("attachment 0"));
  place = {};
  place.message = 1;
  EXPECT_FALSE(checked(place));
  place = {};
  place.first = 1;
  EXPECT_FALSE(checked(place));
}
TEST_F(SnapshotOf, TheCheckNamesWhatItFinds) {
  const Result<Snapshot> index = open();
  EXPECT_TRUE(index->check());
  ByteString damaged = bytes_;
  damaged[tables_size() + message_.text->length() - 1] ^= 1;  // the checksum of the text's frame
  const Result<void> checked = open(damaged)->check();
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().text, HasSubstr("message 0"));
}

}  // namespace
}  // namespace leakfs::store
