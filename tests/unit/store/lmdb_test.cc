// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/lmdb.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace leakfs::store {
namespace {

class Tables : public testing::Test {
 protected:
  TableWriter writer() {
    Result<TableWriter> created = TableWriter::create(scratch_.path("index"));
    EXPECT_TRUE(created) << created.error().text;
    return std::move(*created);
  }
  TableReader reader() {
    const Result<File> file = File::open(scratch_.path("index"));
    Result<TableReader> opened = TableReader::open(file->descriptor(), *file->size());
    EXPECT_TRUE(opened) << opened.error().text;
    return std::move(*opened);
  }
  Scratch scratch_;
};

constexpr std::uint32_t count = 3000;

std::string value_of(std::uint32_t number) { return std::string(number % 50, 'v') + "!"; }

TEST(TableKey, BigEndianOrderIsTheOrderOfNumbers) {
  const std::uint32_t numbers[] = {0,      1,          255,        256,       65'535,
                                   65'536, 0x7fffffff, 0x80000000, UINT32_MAX};
  for (std::size_t i = 1; i < std::size(numbers); ++i) {
    EXPECT_LT(bytes_of(key_of(numbers[i - 1])), bytes_of(key_of(numbers[i])));
  }
  for (const std::uint32_t number : numbers) {
    EXPECT_EQ(load_be32(bytes_of(key_of(number)).data()), number);
  }
  EXPECT_EQ(bytes_of(key_of(0x0102030405060708, 9)), Bytes("\1\2\3\4\5\6\7\10\11", 9));
}

TEST_F(Tables, WhatWasAppendedIsFound) {
  {
    TableWriter tables = writer();
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_TRUE(tables.append(Table::messages, bytes_of(key_of(2 * i)), value_of(i)));
      ASSERT_TRUE(tables.append(Table::ids, bytes_of(key_of(i, 1)), "id"));
    }
    const Result<std::uint64_t> length = tables.finish();
    ASSERT_TRUE(length);
    EXPECT_EQ(*length % 4096, 0U);
    EXPECT_LE(*length, std::filesystem::file_size(scratch_.path("index")));
  }
  const TableReader tables = reader();
  EXPECT_EQ(tables.count(Table::messages), count);
  EXPECT_EQ(tables.count(Table::files), 0U);
  for (std::uint32_t i = 0; i < count; ++i) {
    EXPECT_EQ(tables.get(Table::messages, bytes_of(key_of(2 * i))), value_of(i));
    EXPECT_EQ(tables.get(Table::messages, bytes_of(key_of(2 * i + 1))), std::nullopt);
  }
  // Tables do not see each other's keys.
  EXPECT_EQ(tables.get(Table::streams, bytes_of(key_of(0))), std::nullopt);
  EXPECT_EQ(tables.get(Table::ids, bytes_of(key_of(5, 1))), "id");
  EXPECT_EQ(tables.get(Table::ids, bytes_of(key_of(5, 2))), std::nullopt);
}
TEST_F(Tables, AKeyOutOfOrderOrTwiceIsAnError) {
  TableWriter tables = writer();
  ASSERT_TRUE(tables.append(Table::files, "b", ""));
  EXPECT_FALSE(tables.append(Table::files, "b", ""));
  EXPECT_FALSE(tables.append(Table::files, "a", ""));
}
TEST_F(Tables, AreMoreThanOneTransactionHolds) {
  const std::string large(1 << 20, 'x');
  {
    TableWriter tables = writer();
    for (std::uint32_t i = 0; i < 70; ++i) {
      ASSERT_TRUE(tables.append(Table::folders, bytes_of(key_of(i)), large));
    }
    ASSERT_TRUE(tables.finish());
  }
  const TableReader tables = reader();
  EXPECT_EQ(tables.count(Table::folders), 70U);
  EXPECT_EQ(tables.get(Table::folders, bytes_of(key_of(0))), large);
  EXPECT_EQ(tables.get(Table::folders, bytes_of(key_of(69))), large);
}
TEST_F(Tables, AreReadBySeveralThreads) {
  {
    TableWriter tables = writer();
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_TRUE(tables.append(Table::entries, bytes_of(key_of(i)), value_of(i)));
    }
    ASSERT_TRUE(tables.finish());
  }
  const TableReader tables = reader();
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&tables] {
      for (std::uint32_t i = 0; i < count; ++i) {
        EXPECT_EQ(tables.get(Table::entries, bytes_of(key_of(i))), value_of(i));
      }
    });
  }
}
TEST_F(Tables, OfAFileThatHoldsNoneAreAnError) {
  for (const std::string& content : {std::string(), std::string("noise"), std::string(8192, 'x')}) {
    const Result<File> file = File::open(scratch_.write("index", content));
    EXPECT_FALSE(TableReader::open(file->descriptor(), *file->size()));
  }
}
// The names that users look up are any.
TEST_F(Tables, AKeyLongerThanAnyIsAbsent) {
  {
    TableWriter tables = writer();
    ASSERT_TRUE(tables.append(Table::files, "README.txt", "x"));
    ASSERT_TRUE(tables.finish());
  }
  const TableReader tables = reader();
  EXPECT_EQ(tables.get(Table::files, std::string(512, 'n')), std::nullopt);
}

}  // namespace
}  // namespace leakfs::store
