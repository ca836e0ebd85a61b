// SPDX-License-Identifier: GPL-3.0-or-later
// What reading an attachment gives when the index was made by somebody else: an error or bytes of
// the message, never more than was asked for.
#include <cerrno>

#include <gtest/gtest.h>

#include "fs/content/content.h"
#include "index/mail/transfer.h"
#include "index/store/writer.h"
#include "tests/unit/scratch.h"

namespace leakfs::content {
namespace {

using store::bytes_of;
using store::key_of;
using store::Table;

constexpr Bytes message = "header\n\nZm9v\nYmFy\n\nfooter";  // "foobar" in lines of four

class AttachmentOf : public testing::Test {
 protected:
  // The content of an index of one message that has this attachment.
  Content& open(const records::AttachmentT& attachment, std::uint32_t index = 0) {
    const std::string path = scratch_.path("index");
    Result<store::IndexWriter> writer = store::IndexWriter::create(path, true);
    EXPECT_TRUE(writer);
    store::BlockWriter blocks(writer->heap());
    EXPECT_TRUE(blocks.append(message));
    records::StreamT stream;
    stream.kind = static_cast<std::uint8_t>(archive::StreamKind::copied);
    stream.length = message.size();
    records::PointT point;
    point.frame = std::make_unique<records::Frame>(blocks.finish()->frames.at(0));
    records::MessageT record;
    record.sha256.resize(32);
    record.sources.emplace_back(records::Extent(0, message.size(), 0), 0, 0, false);
    record.attachments.push_back(std::make_unique<records::AttachmentT>(attachment));
    ByteString frame;
    store::FrameEncoder(Bytes(), 3).append(frame, store::encode<records::Message>(record));
    records::AttachmentPlaceT place;
    place.index = index;
    store::TableWriter& tables = writer->tables();
    const auto put = [&](Table table, Bytes value) {
      EXPECT_TRUE(tables.append(table, bytes_of(key_of(0)), value));
    };
    EXPECT_TRUE(tables.append(Table::meta, store::index_key,
                              store::encode<records::Index>(records::IndexT())));
    put(Table::messages, frame);
    put(Table::streams, store::encode<records::Stream>(stream));
    EXPECT_TRUE(tables.append(Table::points, bytes_of(store::point_key(0, 0)),
                              store::encode<records::Point>(point)));
    put(Table::attachments, store::encode<records::AttachmentPlace>(place));
    EXPECT_TRUE(writer->finish("leakfs test"));
    index_.emplace(*store::Snapshot::open(path));
    return content_.emplace(*index_, archive::Source(), 1000);
  }

  static records::AttachmentT attachment() {
    records::AttachmentT attachment;
    attachment.sha256.resize(32);
    attachment.size = 6;
    attachment.offset = 8;
    attachment.length = 9;
    attachment.encoding = static_cast<std::uint8_t>(mail::TransferEncoding::base64);
    attachment.line_size = 4;
    attachment.line_end_size = 1;
    return attachment;
  }

  static constexpr Window all = {.offset = 0, .length = 1 << 20};
  Scratch scratch_;
  std::optional<store::Snapshot> index_;
  std::optional<Content> content_;
};

TEST_F(AttachmentOf, AWholeIndexIsDecoded) {
  EXPECT_EQ(open(attachment()).attachment({0}, all), "foobar");
  EXPECT_EQ(open(attachment()).attachment({0}, {.offset = 2, .length = 2}), "ob");
  EXPECT_EQ(open(attachment()).attachment({0}, {.offset = 6, .length = 1}), "");
  EXPECT_EQ(open(attachment()).attachment({1}, all).error().number, ENOENT);
}
TEST_F(AttachmentOf, ALayoutIsNotNeeded) {
  records::AttachmentT irregular = attachment();
  irregular.line_size = 0;
  EXPECT_EQ(open(irregular).attachment({0}, all), "foobar");
  EXPECT_EQ(open(irregular).attachment({0}, {.offset = 2, .length = 2}), "ob");
}
TEST_F(AttachmentOf, OneThatTheMessageHasNotIsAnError) {
  EXPECT_FALSE(open(attachment(), 1).attachment({0}, all));
  EXPECT_FALSE(open(attachment(), UINT32_MAX).attachment({0}, all));
}
TEST_F(AttachmentOf, ASizeThatIsNotThatOfTheBytesIsAnError) {
  for (const std::uint64_t size : {std::uint64_t{7}, std::uint64_t{1} << 40, UINT64_MAX}) {
    for (const std::uint32_t line_size : {0U, 4U, UINT32_MAX - 3}) {
      records::AttachmentT longer = attachment();
      longer.size = size;
      longer.line_size = line_size;
      EXPECT_FALSE(open(longer).attachment({0}, all)) << size;
      EXPECT_FALSE(open(longer).attachment({0}, {.offset = size - 1, .length = 1})) << size;
    }
  }
}
TEST_F(AttachmentOf, AnEncodingThatIsNoneIsAnError) {
  records::AttachmentT unknown = attachment();
  unknown.encoding = 200;
  EXPECT_FALSE(open(unknown).attachment({0}, all));
}
TEST_F(AttachmentOf, ARangeBeyondTheMessageIsAnError) {
  for (const std::uint64_t offset : {std::uint64_t{30}, UINT64_MAX, UINT64_MAX - 5}) {
    for (const std::uint32_t line_size : {0U, 4U}) {
      records::AttachmentT beyond = attachment();
      beyond.offset = offset;
      beyond.line_size = line_size;
      EXPECT_FALSE(open(beyond).attachment({0}, all)) << offset;
    }
  }
}
// Decoding it as a whole would take as much memory.
TEST_F(AttachmentOf, OneLargerThanAMessageCanBeIsNotDecodedAsAWhole) {
  records::AttachmentT large = attachment();
  large.line_size = 0;
  large.length = std::uint64_t{1} << 40;
  EXPECT_FALSE(open(large).attachment({0}, all));
}

}  // namespace
}  // namespace leakfs::content
