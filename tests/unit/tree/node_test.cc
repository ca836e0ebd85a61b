// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/tree/node.h"

#include <set>

#include <gtest/gtest.h>

namespace leakfs::tree {
namespace {

constexpr Kind kinds[] = {Kind::folder_text, Kind::folder_eml,      Kind::message_text,
                          Kind::message_eml, Kind::entry,           Kind::catalog,
                          Kind::file,        Kind::folder_evidence, Kind::message_evidence,
                          Kind::attachment};

TEST(Node, TheRootHasTheNumberThatFuseWants) {
  EXPECT_EQ(encode({}), root_inode);
  EXPECT_EQ(decode(root_inode), Node{});
}
TEST(Node, IsReadFromItsNumberAndEachHasItsOwn) {
  std::set<Inode> seen;
  for (const Kind kind : kinds) {
    for (const std::uint32_t part : {0U, 1U, 0xffffffU}) {
      for (const std::uint32_t number : {0U, 1U, 0x7fffffffU, 0x80000000U, UINT32_MAX}) {
        const Node node{.kind = kind, .part = part, .number = number};
        EXPECT_EQ(decode(encode(node)), node);
        EXPECT_NE(encode(node), 0U);
        EXPECT_TRUE(seen.insert(encode(node)).second);
      }
    }
  }
}
TEST(Node, ANumberOfNoKindIsNone) {
  EXPECT_EQ(decode(0), std::nullopt);
  EXPECT_EQ(decode(Inode{10} << 56 | 1), std::nullopt);
  EXPECT_EQ(decode(UINT64_MAX), std::nullopt);
}

}  // namespace
}  // namespace leakfs::tree
