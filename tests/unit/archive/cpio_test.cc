// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/archive/recorder.h"

namespace leakfs::archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string padded(std::string text) {
  text.resize((text.size() + 3) / 4 * 4);
  return text;
}

// SVR4's format ("newc", cpio(5)): hexadecimal fields, name and content padded to 4 bytes.
std::string member(const std::string& name, const std::string& content, int inode = 1,
                   int links = 1) {
  constexpr int regular = 0100644;
  std::string header = "070701";
  for (const std::size_t field : std::initializer_list<std::size_t>{
           static_cast<std::size_t>(inode), regular, 0, 0, static_cast<std::size_t>(links),
           1493022125, content.size(), 0, 0, 0, 0, name.size() + 1, 0}) {
    header += fmt::format("{:08x}", field);
  }
  return padded(header + name + '\0') + padded(content);
}
std::string end() { return member("TRAILER!!!", ""); }

class Cpio : public testing::Test {
 protected:
  Recorder walk_bytes(const std::string& bytes) {
    return walk_file(scratch_.write("leak.cpio", bytes));
  }
  Scratch scratch_;
};

TEST_F(Cpio, MembersAreExtentsOfTheFileItself) {
  const Recorder found = walk_bytes(member("a.eml", "hello") + member("d/b", "") +
                                    member("c", std::string(300'000, 'c')) + end());
  EXPECT_THAT(found.paths(), ElementsAre("leak.cpio/a.eml", "leak.cpio/d/b", "leak.cpio/c"));
  EXPECT_EQ(found.members[0].content, "hello");
  EXPECT_EQ(found.members[2].content, std::string(300'000, 'c'));
  EXPECT_EQ(found.streams.at(0).kind, StreamKind::stored);
  EXPECT_THAT(found.problems, IsEmpty());
}
// cpio(5), "New ASCII Format": only the last of several names has the content.
TEST_F(Cpio, TheBytesOfAFileOfSeveralNamesAreNotLost) {
  const Recorder found = walk_bytes(member("a", "", 7, 2) + member("b", "hello", 7, 2) + end());
  EXPECT_THAT(found.paths(), ElementsAre("leak.cpio/a", "leak.cpio/b"));
  EXPECT_EQ(found.members[1].member.kind, MemberKind::file);
  EXPECT_EQ(found.members[1].content, "hello");
  EXPECT_EQ(found.members[0].member.kind, MemberKind::link);
  EXPECT_EQ(found.members[0].member.link_target, "leak.cpio/b");
}
TEST_F(Cpio, NamesWhoseBytesNeverComeAreEmptyFiles) {
  const Recorder found =
      walk_bytes(member("a", "", 7, 2) + member("b", "", 8, 2) + member("c", "x") + end());
  ASSERT_EQ(found.members.size(), 3U);
  EXPECT_EQ(found.find("leak.cpio/a")->member.kind, MemberKind::file);
  EXPECT_EQ(found.find("leak.cpio/b")->content, "");
}
TEST_F(Cpio, AFurtherNameWithoutBytesIsALink) {
  const Recorder found = walk_bytes(member("a", "hello", 7, 2) + member("b", "", 7, 2) + end());
  EXPECT_EQ(found.members.at(0).content, "hello");
  EXPECT_EQ(found.members.at(1).member.kind, MemberKind::link);
  EXPECT_EQ(found.members.at(1).member.link_target, "leak.cpio/a");
}
TEST_F(Cpio, ZerosThatFillTheLastBlockAreNoLoss) {
  EXPECT_THAT(walk_bytes(member("a", "x") + end() + std::string(700, '\0')).problems, IsEmpty());
}
TEST_F(Cpio, WhatFollowsTheEndIsReported) {
  const std::string one = member("a", "x") + end();
  EXPECT_TRUE(walk_bytes(one + member("b", "y") + end()).has_loss());
  EXPECT_TRUE(walk_bytes(one + std::string(512, '\0') + "noise").has_loss());
}
TEST_F(Cpio, ACutIsReported) {
  const std::string whole = member("a", "x") + member("b", std::string(100, 'b'));
  for (std::size_t cut = member("a", "x").size(); cut <= whole.size(); ++cut) {
    const Recorder found = walk_bytes((whole + end()).substr(0, cut));
    EXPECT_TRUE(found.has_loss()) << "cut at " << cut;
    ASSERT_FALSE(found.members.empty());
    EXPECT_TRUE(found.members[0].is_whole);
  }
}

}  // namespace
}  // namespace leakfs::archive
