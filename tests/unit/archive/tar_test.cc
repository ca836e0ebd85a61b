// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/archive/recorder.h"
#include "tests/unit/archive/tar_text.h"

namespace leakfs::archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Content that differs at every offset, so that bytes of a wrong place show.
std::string content(std::size_t size, char salt) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += fmt::format("{}{}\n", salt, i);
  text.resize(size);
  return text;
}

class Tar : public testing::Test {
 protected:
  Recorder walk_bytes(const std::string& bytes) {
    return walk_file(scratch_.write("leak.tar", bytes));
  }
  Scratch scratch_;
};

TEST_F(Tar, AMemberIsAnExtentOfTheFileItself) {
  const Recorder found = walk_bytes(tar::member("a/b.eml", "hello") + tar::end());
  EXPECT_THAT(found.paths(), ElementsAre("leak.tar/a/b.eml"));
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.streams.size(), 1U);
  EXPECT_EQ(found.streams[0].kind, StreamKind::stored);
  EXPECT_EQ(found.members[0].content, "hello");
  EXPECT_EQ(found.members[0].extents.front(), (Extent{.offset = 512, .length = 5}));
  EXPECT_EQ(found.members[0].member.mtime, 1493022125);
}
TEST_F(Tar, MembersAreFoundWhateverTheirSize) {
  std::string bytes;
  std::vector<std::size_t> sizes = {0, 1, 511, 512, 513, 262143, 262144, 262145, 700000};
  for (const std::size_t size : sizes)
    bytes += tar::member(std::to_string(size), content(size, 'c'));
  const Recorder found = walk_bytes(bytes + tar::end());
  ASSERT_EQ(found.members.size(), sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(found.members[i].content, content(sizes[i], 'c'));
    EXPECT_TRUE(found.members[i].is_whole);
  }
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST_F(Tar, APrefixIsThePathBeforeTheName) {
  EXPECT_THAT(walk_bytes(tar::header({.name = "b.eml", .prefix = "dir/sub"}) + tar::end()).paths(),
              ElementsAre("leak.tar/dir/sub/b.eml"));
}
TEST_F(Tar, EmptyAndDotComponentsGo) {
  EXPECT_THAT(
      walk_bytes(tar::member("./a//b/./c", "x") + tar::member("/d", "x") + tar::end()).paths(),
      ElementsAre("leak.tar/a/b/c", "leak.tar/d"));
}
TEST_F(Tar, AGnuLongNameIsTheNameOfTheNextMember) {
  const std::string name = "mail/" + std::string(300, 'n') + ".eml";
  const Recorder found = walk_bytes(tar::gnu_long_name(name) + tar::member("short", "x") +
                                    tar::member("next", "y") + tar::end());
  EXPECT_THAT(found.paths(), ElementsAre("leak.tar/" + name, "leak.tar/next"));
  EXPECT_EQ(found.members[0].content, "x");
}
TEST_F(Tar, APaxPathIsTheNameOfTheNextMember) {
  const std::string name = "courrier/" + std::string(200, 'p') + "/\xc3\xa9t\xc3\xa9.eml";
  const Recorder found =
      walk_bytes(tar::pax(tar::pax_record("path", name) + tar::pax_record("mtime", "1.5")) +
                 tar::member("short", "x") + tar::member("next", "y") + tar::end());
  EXPECT_THAT(found.paths(), ElementsAre("leak.tar/" + name, "leak.tar/next"));
  EXPECT_EQ(found.members[0].member.mtime, 1);
}

TEST_F(Tar, LinksHaveATargetAndNoBytes) {
  const Recorder found =
      walk_bytes(tar::member("a", "x") + tar::header({.name = "hard", .type = '1', .link = "a"}) +
                 tar::header({.name = "soft", .type = '2', .link = "../a"}) + tar::end());
  ASSERT_EQ(found.members.size(), 3U);
  EXPECT_EQ(found.members[1].member.kind, MemberKind::link);
  EXPECT_EQ(found.members[1].member.link_target, "leak.tar/a");
  EXPECT_EQ(found.members[2].member.kind, MemberKind::link);
  EXPECT_EQ(found.members[2].member.link_target, "../a");
  EXPECT_EQ(found.members[1].content + found.members[2].content, "");
}
TEST_F(Tar, DirectoriesAndDevicesAreNoFiles) {
  const Recorder found =
      walk_bytes(tar::header({.name = "d/", .type = '5'}) +
                 tar::header({.name = "fifo", .type = '6'}) + tar::member("a", "x") + tar::end());
  ASSERT_EQ(found.members.size(), 3U);
  EXPECT_EQ(found.members[0].member.kind, MemberKind::directory);
  EXPECT_EQ(found.members[0].member.path, "leak.tar/d");
  EXPECT_EQ(found.members[1].member.kind, MemberKind::special);
}

// GNU tar's old sparse format: from 386 pairs of offset and length, the whole size at 483.
TEST_F(Tar, HolesOfASparseFileAreZeros) {
  std::string sparse = tar::header({.name = "sparse", .type = 'S', .size = 1024, .is_gnu = true});
  tar::put(sparse, 386, fmt::format("{:011o}", 1024));
  tar::put(sparse, 398, fmt::format("{:011o}", 512));
  tar::put(sparse, 410, fmt::format("{:011o}", 200000));
  tar::put(sparse, 422, fmt::format("{:011o}", 512));
  tar::put(sparse, 483, fmt::format("{:011o}", 300000));
  tar::seal(sparse);
  std::string whole(300000, '\0');
  whole.replace(1024, 512, content(512, 'a'));
  whole.replace(200000, 512, content(512, 'b'));
  const Recorder found = walk_bytes(sparse + content(512, 'a') + content(512, 'b') +
                                    tar::member("next", "y") + tar::end());
  ASSERT_EQ(found.members.size(), 2U);
  EXPECT_EQ(found.members[0].content, whole);
  EXPECT_EQ(found.members[1].content, "y");
}
// pax, GNU sparse 1.0: the map stands before the data.
TEST_F(Tar, HolesOfAPaxSparseFileAreZeros) {
  const std::string records =
      tar::pax_record("GNU.sparse.major", "1") + tar::pax_record("GNU.sparse.minor", "0") +
      tar::pax_record("GNU.sparse.name", "sparse") + tar::pax_record("GNU.sparse.realsize", "5000");
  const std::string data = tar::padded("1\n4000\n512\n") + content(512, 'a');
  std::string whole(5000, '\0');
  whole.replace(4000, 512, content(512, 'a'));
  const Recorder found = walk_bytes(tar::pax(records) + tar::member("x", data) + tar::end());
  ASSERT_EQ(found.members.size(), 1U);
  EXPECT_EQ(found.members[0].member.path, "leak.tar/sparse");
  EXPECT_EQ(found.members[0].content, whole);
}

TEST_F(Tar, SeveralEndToEndAreOne) {
  const std::string one = tar::member("a", "x") + tar::end();
  const std::string two = tar::member("b", "y") + tar::end();
  const Recorder found = walk_bytes(one + std::string(8192, '\0') + two);
  EXPECT_THAT(found.paths(), ElementsAre("leak.tar/a", "leak.tar/b"));
  EXPECT_THAT(found.problems, IsEmpty());
}

// Every member that ends before the cut is whole, and the rest is said to be lost.
TEST_F(Tar, WhatComesBeforeACutIsWholeAndTheRestIsReported) {
  const std::vector<std::string> contents = {content(700, 'a'), "", content(512, 'c'),
                                             content(1500, 'd')};
  std::string bytes;
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    bytes += tar::member(std::to_string(i), contents[i]);
    ends.push_back(bytes.size());
  }
  for (std::size_t record = 2 * tar::record_size; record <= bytes.size();
       record += tar::record_size) {
    for (const std::size_t cut : {record - 1, record, record + 1}) {
      const Recorder found = walk_bytes((bytes + tar::end()).substr(0, cut));
      EXPECT_TRUE(found.has_loss()) << "cut at " << cut;
      for (std::size_t i = 0; i < ends.size() && ends[i] <= cut; ++i) {
        ASSERT_GT(found.members.size(), i) << "cut at " << cut;
        EXPECT_EQ(found.members[i].content, contents[i]) << "cut at " << cut;
        EXPECT_TRUE(found.members[i].is_whole) << "cut at " << cut;
      }
      for (std::size_t i = 0; i < found.members.size(); ++i) {
        EXPECT_TRUE(contents[i].starts_with(found.members[i].content)) << "cut at " << cut;
        EXPECT_TRUE(!found.members[i].is_whole || found.members[i].content == contents[i]) << cut;
      }
    }
  }
}
// Zeros of a member are no end mark.
TEST_F(Tar, ACutBehindAMemberOfZerosIsReported) {
  EXPECT_TRUE(walk_bytes(tar::member("a", std::string(1024, '\0'))).has_loss());
}
TEST_F(Tar, NoiseBehindTheEndIsReported) {
  EXPECT_TRUE(walk_bytes(tar::member("a", "x") + tar::end() + content(3000, 'n')).has_loss());
}
TEST_F(Tar, AMemberWithADamagedHeaderIsReportedAndTheNextRead) {
  std::string damaged = tar::member("b", content(100, 'b'));
  damaged[150] ^= 1;
  const Recorder found =
      walk_bytes(tar::member("a", "x") + damaged + tar::member("c", "z") + tar::end());
  EXPECT_TRUE(found.has_loss());
  ASSERT_NE(found.find("leak.tar/a"), nullptr);
  ASSERT_NE(found.find("leak.tar/c"), nullptr);
  EXPECT_EQ(found.find("leak.tar/c")->content, "z");
}

}  // namespace
}  // namespace leakfs::archive
