// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/heap.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace leakfs::store {
namespace {

class Heap : public testing::Test {
 protected:
  HeapWriter writer() {
    Result<HeapWriter> created = HeapWriter::create(scratch_.path("index"));
    EXPECT_TRUE(created) << created.error().text;
    return std::move(*created);
  }
  // The heap as it is copied behind 10 bytes.
  ByteString written(HeapWriter& heap) {
    const Result<File> file = File::create(scratch_.path("copy"));
    const Result<std::uint64_t> length = heap.copy_to(*file, 10);
    EXPECT_TRUE(length);
    EXPECT_EQ(file->size(), 10 + *length);
    return *file->read(10, *length);
  }
  Scratch scratch_;
};

TEST_F(Heap, FramesLieEndToEnd) {
  HeapWriter heap = writer();
  const Result<records::Frame> a = heap.append("abc");
  const Result<records::Frame> b = heap.append("");
  const Result<records::Frame> c = heap.append("de");
  EXPECT_EQ(a->offset(), 0U);
  EXPECT_EQ(a->length(), 3U);
  EXPECT_EQ(b->offset(), 3U);
  EXPECT_EQ(b->length(), 0U);
  EXPECT_EQ(c->offset(), 3U);
  EXPECT_EQ(written(heap), "abcde");
}
TEST_F(Heap, LargerThanItsBufferIsKeptWhole) {
  HeapWriter heap = writer();
  ByteString all;
  for (int i = 0; i < 300; ++i) {
    const ByteString piece(10'000, static_cast<char>('a' + i % 26));
    const Result<records::Frame> frame = heap.append(piece);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->offset(), all.size());
    all += piece;
  }
  EXPECT_EQ(written(heap), all);
}
TEST_F(Heap, LeavesNoFileBehind) {
  HeapWriter heap = writer();
  ASSERT_TRUE(heap.append("abc"));
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path("")));
}
TEST_F(Heap, BesideAPlaceThatIsNotThereIsAnError) {
  EXPECT_FALSE(HeapWriter::create(scratch_.path("absent/index")));
}

TEST_F(Heap, AFileIsMadeOfBlocksOfOneSize) {
  ByteString content;
  for (std::size_t i = 0; content.size() < 2 * block_size + 100; ++i) {
    content += std::to_string(i);
  }
  content.resize(2 * block_size + 100);
  HeapWriter heap = writer();
  BlockWriter blocks(heap);
  for (std::size_t at = 0; at < content.size(); at += 77'777) {
    ASSERT_TRUE(blocks.append(Bytes(content).substr(at, 77'777)));
  }
  const Result<records::FileT> file = blocks.finish();
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size, content.size());
  ASSERT_EQ(file->frames.size(), 3U);
  const ByteString bytes = written(heap);
  const FrameDecoder decoder{Bytes()};
  for (std::size_t i = 0; i < 3; ++i) {
    const Bytes frame = Bytes(bytes).substr(file->frames[i].offset(), file->frames[i].length());
    EXPECT_EQ(decoder.decode(frame, block_size), content.substr(i * block_size, block_size));
  }
}
TEST_F(Heap, AFileOfWholeBlocksHasNoEmptyOne) {
  HeapWriter heap = writer();
  BlockWriter blocks(heap);
  ASSERT_TRUE(blocks.append(ByteString(block_size, 'x')));
  EXPECT_EQ(blocks.finish()->frames.size(), 1U);
  const Result<records::FileT> empty = blocks.finish();
  EXPECT_EQ(empty->size, 0U);
  EXPECT_EQ(empty->frames.size(), 0U);
}
TEST_F(Heap, AWriterStartsTheNextFileAnew) {
  HeapWriter heap = writer();
  BlockWriter blocks(heap);
  ASSERT_TRUE(blocks.append("first"));
  EXPECT_EQ(blocks.finish()->size, 5U);
  ASSERT_TRUE(blocks.append("no"));
  EXPECT_EQ(blocks.finish()->size, 2U);
}

}  // namespace
}  // namespace leakfs::store
