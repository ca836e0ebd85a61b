// SPDX-License-Identifier: GPL-3.0-or-later
// Pages as LMDB wrote them pass; what a forger could make of them does not.
#include "index/store/table_pages.h"

#include <cstring>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/store/lmdb.h"
#include "tests/unit/scratch.h"

namespace leakfs::store {
namespace {

using testing::HasSubstr;

constexpr std::size_t page = 4096;

// Tables that have branches and values on pages of their own.
const ByteString& whole() {
  static const ByteString bytes = [] {
    const Scratch scratch;
    const std::string path = scratch.path("tables");
    {
      Result<TableWriter> tables = TableWriter::create(path);
      for (std::uint32_t i = 0; i < 3000; ++i) {
        const ByteString value(i % 500 == 0 ? 9000 : i % 90, 'v');
        EXPECT_TRUE(tables->append(Table::entries, bytes_of(key_of(i)), value));
      }
      EXPECT_TRUE(tables->append(Table::meta, index_key, "x"));
      EXPECT_TRUE(tables->finish());
    }
    const Result<File> file = File::open(path);
    return *file->read(0, *file->size());
  }();
  return bytes;
}

template <typename Number>
ByteString with(std::size_t at, Number number) {
  ByteString bytes = whole();
  std::memcpy(bytes.data() + at, &number, sizeof number);
  return bytes;
}

std::string error_of(Bytes tables) {
  const Result<void> verified = verify_table_pages(tables);
  return verified ? "" : verified.error().text;
}

// The first page with those flags behind the meta pages.
std::size_t page_of(std::uint16_t flags) {
  for (std::size_t at = 2 * page; at < whole().size(); at += page) {
    std::uint16_t found = 0;
    std::memcpy(&found, whole().data() + at + 10, sizeof found);
    if (found == flags) return at;
  }
  ADD_FAILURE() << "no page of flags " << flags;
  return 0;
}
constexpr std::uint16_t branch = 1;
constexpr std::uint16_t leaf = 2;
constexpr std::uint16_t overflow = 4;

// Where its first node is.
std::size_t node_of(std::size_t at) {
  std::uint16_t offset = 0;
  std::memcpy(&offset, whole().data() + at + 16, sizeof offset);
  return at + offset;
}

TEST(TablePages, ThatLmdbWroteAreRight) { EXPECT_EQ(error_of(whole()), ""); }
TEST(TablePages, ThatAreCutAreRefused) {
  for (std::size_t length = 0; length < whole().size(); length += page / 2) {
    EXPECT_NE(error_of(Bytes(whole()).substr(0, length)), "") << length;
  }
}
TEST(TablePages, AHugeMapIsRefused) {
  EXPECT_THAT(error_of(with(16 + 16, std::uint64_t{1} << 50)), HasSubstr("page 0"));
}
TEST(TablePages, ATableOfAnotherKindIsRefused) {
  for (const std::size_t meta : {std::size_t{0}, page}) {
    ByteString bytes = whole();
    bytes[meta + 16 + 24 + 48 + 4] = 4;  // MDB_DUPSORT, which needs what a table here does not have
    bytes[(page - meta) + 16 + 24 + 48 + 4] = 4;
    EXPECT_THAT(error_of(bytes), HasSubstr("unknown kind"));
  }
}
TEST(TablePages, ANodeBeyondItsPageIsRefused) {
  EXPECT_THAT(error_of(with(page_of(leaf) + 16, std::uint16_t{4094})), HasSubstr("not within it"));
  EXPECT_THAT(error_of(with(page_of(leaf) + 16, std::uint16_t{17})), HasSubstr("not within it"));
  EXPECT_THAT(error_of(with(page_of(branch) + 16, std::uint16_t{0xfffe})),
              HasSubstr("not within it"));
}
TEST(TablePages, AKeyOrValueBeyondItsPageIsRefused) {
  EXPECT_THAT(error_of(with(node_of(page_of(leaf)) + 6, std::uint16_t{500})), HasSubstr("damaged"));
  EXPECT_THAT(error_of(with(node_of(page_of(leaf)) + 6, std::uint16_t{60000})),
              HasSubstr("not within it"));
  EXPECT_THAT(error_of(with(node_of(page_of(leaf)), UINT32_MAX)), HasSubstr("damaged"));
}
TEST(TablePages, FreeSpaceThatIsNotWithinThePageIsRefused) {
  for (const std::uint16_t lower : {0, 8, 17, 5000, 65535}) {
    EXPECT_THAT(error_of(with(page_of(leaf) + 12, lower)), HasSubstr("damaged"));
  }
}
TEST(TablePages, ACircleIsRefused) {
  const std::size_t at = page_of(branch);
  EXPECT_THAT(error_of(with(node_of(at), static_cast<std::uint32_t>(at / page))),
              HasSubstr("in two places"));
}
TEST(TablePages, ALongValueIsWhereItSays) {
  const std::size_t at = page_of(overflow);
  EXPECT_THAT(error_of(with(at + 12, std::uint32_t{1})), HasSubstr("not where it should be"));
  EXPECT_THAT(error_of(with(at + 10, std::uint16_t{2})), HasSubstr("not where it should be"));
}
TEST(TablePages, ABranchWithASingleWayIsRefused) {
  EXPECT_THAT(error_of(with(page_of(branch) + 12, std::uint16_t{18})), HasSubstr("too few nodes"));
}
// LMDB itself reads what passes: a crash of it is one of this test.
TEST(TablePages, WhatPassesCanBeReadByLmdb) {
  const Scratch scratch;
  int passed = 0;
  for (unsigned trial = 1; trial <= 3000; ++trial) {
    std::minstd_rand random(trial);
    ByteString bytes = whole();
    const std::size_t at = random() % (bytes.size() / page) * page;
    // Headers of pages and nodes, more often than values.
    const std::size_t range = trial % 3 == 0 ? page : 200;
    for (unsigned i = 0; i < 1 + trial % 3; ++i) {
      bytes[at + random() % range] = static_cast<char>(random());
    }
    if (!verify_table_pages(bytes)) continue;
    ++passed;
    const Result<File> file = File::open(scratch.write("tables", bytes));
    const Result<TableReader> tables = TableReader::open(file->descriptor(), bytes.size());
    if (!tables) continue;
    for (const Table table : {Table::entries, Table::meta}) {
      std::size_t sum = 0;
      const auto add = [&](Bytes key, Bytes value) -> Result<void> {
        for (const char byte : key) sum += static_cast<unsigned char>(byte);
        for (const char byte : value) sum += static_cast<unsigned char>(byte);
        return {};
      };
      EXPECT_TRUE(tables->for_each(table, add));
      for (const std::uint32_t number : {0U, 1500U, 2999U, 4000U}) {
        EXPECT_TRUE(tables->get(table, bytes_of(key_of(number))));
        EXPECT_TRUE(tables->around(table, bytes_of(key_of(number))));
      }
    }
  }
  EXPECT_GT(passed, 100);
}

}  // namespace
}  // namespace leakfs::store
