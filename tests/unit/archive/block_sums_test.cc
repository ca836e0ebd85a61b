// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/block_sums.h"

#include <gtest/gtest.h>

#include "tests/unit/archive/recorder.h"
#include "tests/unit/codec/packed.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t block = sum_block_size;

class BlockSumsOf : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(found_.begin_stream({.kind = StreamKind::stored}));
    sums_.begin({0});
  }
  // Gives the bytes in pieces of some size.
  void add(Bytes bytes, std::size_t piece) {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      ASSERT_TRUE(sums_.add(bytes.substr(at, piece)));
    }
  }
  const std::vector<SumGroup>& groups() { return found_.sums[0]; }

  Recorder found_;
  BlockSums sums_{found_};
};

ByteString sum_of(Bytes bytes) {
  const Checksum sum = checksum(bytes);
  return {sum.begin(), sum.end()};
}

TEST_F(BlockSumsOf, AStreamHasOneForEachBlockWhateverPiecesItComesIn) {
  const ByteString bytes = codec::words(2 * block + 100);
  for (const std::size_t piece : {std::size_t{1000}, block, bytes.size()}) {
    sums_.begin({0});
    found_.sums.clear();
    found_.summed.clear();
    add(bytes, piece);
    ASSERT_TRUE(sums_.end());
    ASSERT_EQ(groups().size(), 1U);
    EXPECT_EQ(groups()[0].sums, sum_of(bytes.substr(0, block)) +
                                    sum_of(bytes.substr(block, block)) +
                                    sum_of(bytes.substr(2 * block)));
    EXPECT_EQ(groups()[0].length, bytes.size());
  }
}
TEST_F(BlockSumsOf, AStreamStartsAnewAtARestartPoint) {
  const ByteString bytes = codec::words(3 * block);
  const std::size_t point = block + 1000;
  add(Bytes(bytes).substr(0, block), block);
  sums_.point(point);
  add(Bytes(bytes).substr(block), block);
  ASSERT_TRUE(sums_.end());
  ASSERT_EQ(groups().size(), 2U);
  EXPECT_EQ(groups()[0].sums,
            sum_of(bytes.substr(0, block)) + sum_of(bytes.substr(block, point - block)));
  EXPECT_EQ(groups()[1].offset, point);
  EXPECT_EQ(groups()[1].sums,
            sum_of(bytes.substr(point, block)) + sum_of(bytes.substr(point + block)));
}
TEST_F(BlockSumsOf, APointAtTheEndOfABlockOrOfTheStreamMakesNoBlockWithoutBytes) {
  const ByteString bytes = codec::words(2 * block);
  sums_.point(block);
  sums_.point(2 * block);
  add(bytes, 5000);
  ASSERT_TRUE(sums_.end());
  ASSERT_EQ(groups().size(), 2U);
  EXPECT_EQ(groups()[0].sums, sum_of(bytes.substr(0, block)));
  EXPECT_EQ(groups()[1].sums, sum_of(bytes.substr(block)));
}
TEST_F(BlockSumsOf, NoGroupHasMoreThanItMayHave) {
  const ByteString bytes(block, 'x');
  for (std::size_t i = 0; i <= sum_group_size; ++i) add(bytes, block);
  ASSERT_TRUE(sums_.end());
  ASSERT_EQ(groups().size(), 2U);
  EXPECT_EQ(groups()[0].sums.size(), 16 * sum_group_size);
  EXPECT_EQ(groups()[1].offset, sum_group_size * block);
  EXPECT_EQ(groups()[1].sums, sum_of(bytes));
}
TEST_F(BlockSumsOf, AStreamWithoutBytesHasNone) {
  ASSERT_TRUE(sums_.end());
  EXPECT_TRUE(groups().empty());
}

}  // namespace
}  // namespace leakfs::archive
