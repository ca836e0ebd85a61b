// SPDX-License-Identifier: GPL-3.0-or-later
#include <clocale>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/archive/writer.h"
#include "tests/unit/archive/recorder.h"
#include "tests/unit/archive/zip_text.h"

namespace leakfs::archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string content(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i * i) + "\n";
  text.resize(size);
  return text;
}

class Zip : public testing::Test {
 protected:
  Recorder walk_bytes(const std::string& bytes) {
    return walk_file(scratch_.write("leak.zip", bytes));
  }
  Scratch scratch_;
};

TEST_F(Zip, EachMemberIsAStreamOfItsOwnInTheFile) {
  const Recorder found =
      walk_bytes(zip::Archive()
                     .add({.name = "a.eml", .content = "hello"})
                     .add({.name = "d/", .content = ""})
                     .add({.name = "d/b", .content = content(200'000), .is_deflated = true})
                     .add({.name = "d/c", .content = "", .is_deflated = true})
                     .whole());
  EXPECT_THAT(found.paths(),
              ElementsAre("leak.zip/a.eml", "leak.zip/d", "leak.zip/d/b", "leak.zip/d/c"));
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.members[0].content, "hello");
  EXPECT_EQ(found.members[1].member.kind, MemberKind::directory);
  EXPECT_EQ(found.members[2].content, content(200'000));
  ASSERT_EQ(found.streams.size(), 2U);
  EXPECT_EQ(found.streams[0].kind, StreamKind::stored);
  EXPECT_EQ(found.streams[0].offset, 30U + 5U);
  EXPECT_EQ(found.streams[1].kind, StreamKind::deflate);
}
TEST_F(Zip, SizesMayStandBehindTheContent) {
  const Recorder found = walk_bytes(
      zip::Archive()
          .add({.name = "a", .content = content(1000), .is_deflated = true, .has_descriptor = true})
          .add({.name = "b", .content = "y"})
          .whole());
  EXPECT_THAT(found.paths(), ElementsAre("leak.zip/a", "leak.zip/b"));
  EXPECT_EQ(found.members[0].content, content(1000));
  EXPECT_EQ(found.streams.at(0).length, 1000U);
  EXPECT_THAT(found.problems, IsEmpty());
}
TEST_F(Zip, SizesMayBeOf64Bits) {
  const Recorder found = walk_bytes(
      zip::Archive()
          .add({.name = "a", .content = content(1000), .is_deflated = true, .is_zip64 = true})
          .add({.name = "b", .content = "y", .is_zip64 = true})
          .whole());
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.streams.size(), 2U);
  EXPECT_EQ(found.streams[0].kind, StreamKind::deflate);
  EXPECT_EQ(found.streams[1].kind, StreamKind::stored);
  EXPECT_EQ(found.members[1].content, "y");
}
TEST_F(Zip, MembersOfOneNameAreToldApart) {
  const Recorder found =
      walk_bytes(zip::Archive()
                     .add({.name = "a", .content = "first"})
                     .add({.name = "a", .content = "second", .is_deflated = true})
                     .whole());
  ASSERT_EQ(found.members.size(), 2U);
  EXPECT_EQ(found.members[0].content, "first");
  EXPECT_EQ(found.members[1].content, "second");
}
TEST_F(Zip, ACommentMayHoldWhatLooksLikeAnEnd) {
  const Recorder found = walk_bytes(
      zip::Archive().add({.name = "a", .content = "x"}).whole("PK\5\6 and 22 bytes behind it"));
  EXPECT_THAT(found.paths(), ElementsAre("leak.zip/a"));
  EXPECT_THAT(found.problems, IsEmpty());
}
TEST_F(Zip, BytesBehindItsEndDoNotHideIt) {
  const std::string bytes = zip::Archive().add({.name = "a", .content = "x"}).whole();
  EXPECT_EQ(walk_bytes(bytes + "\r\n").streams.at(0).kind, StreamKind::stored);
}
TEST_F(Zip, WithoutADirectoryItsMembersAreReadAndTheLossReported) {
  const std::string bytes = zip::Archive()
                                .add({.name = "a", .content = content(500), .is_deflated = true})
                                .add({.name = "b", .content = "y"})
                                .members();
  const Recorder found = walk_bytes(bytes);
  EXPECT_THAT(found.paths(), ElementsAre("leak.zip/a", "leak.zip/b"));
  EXPECT_EQ(found.members[0].content, content(500));
  EXPECT_TRUE(found.has_loss());
  for (std::size_t cut = 600; cut < bytes.size(); ++cut) {
    const Recorder less = walk_bytes(bytes.substr(0, cut));
    EXPECT_TRUE(less.has_loss()) << cut;
    EXPECT_EQ(less.members.at(0).content, content(500)) << cut;
  }
}
TEST_F(Zip, AWrongChecksumOrSizeIsReportedAndTheBytesKept) {
  for (const bool is_deflated : {false, true}) {
    const Recorder found = walk_bytes(
        zip::Archive()
            .add({.name = "a", .content = "hello", .is_deflated = is_deflated, .checksum_error = 1})
            .add({.name = "b", .content = "y"})
            .whole());
    EXPECT_TRUE(found.has_loss());
    EXPECT_EQ(found.members.at(0).content, "hello");
    EXPECT_FALSE(found.members.at(0).is_whole);
    EXPECT_EQ(found.members.at(1).content, "y");
  }
  const Recorder longer = walk_bytes(
      zip::Archive()
          .add({.name = "a", .content = content(500), .is_deflated = true, .length_promised = 20})
          .add({.name = "b", .content = "y"})
          .whole());
  EXPECT_TRUE(longer.has_loss());
  EXPECT_TRUE(content(500).starts_with(longer.members.at(0).content));
  EXPECT_EQ(longer.members.at(1).content, "y");
}

// What our own writer makes, with true deflate.
TEST(WrittenArchive, IsReadWithTheSameContent) {
  // As the programs do: libarchive converts names by the locale.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  const Scratch scratch;
  for (const char* name :
       {"l.zip", "l.tar", "l.tar.gz", "l.tar.bz2", "l.tar.zst", "l.tar.xz", "l.7z"}) {
    const std::string path = scratch.path(name);
    {
      Result<Writer> writer = Writer::create(path);
      ASSERT_TRUE(writer);
      ASSERT_TRUE(writer->add("a", 1493022125, "hello"));
      ASSERT_TRUE(writer->add("dir/\xc3\xa9.eml", 1493022125, content(300'000)));
      ASSERT_TRUE(writer->add("dir/as", 1493022125, std::string(70'000, 'a')));
      ASSERT_TRUE(writer->add("dir/empty", 1493022125, ""));
      ASSERT_TRUE(writer->close());
    }
    const Recorder found = walk_file(path);
    EXPECT_THAT(found.problems, IsEmpty()) << name;
    ASSERT_EQ(found.members.size(), 4U) << name;
    const auto at = [&](const std::string& member) {
      return found.find(std::string(name) + member);
    };
    ASSERT_NE(at("/dir/as"), nullptr) << name;
    EXPECT_EQ(at("/a")->content, "hello") << name;
    EXPECT_EQ(at("/dir/as")->content, std::string(70'000, 'a')) << name;
    EXPECT_EQ(at("/dir/empty")->content, "") << name;
    EXPECT_EQ(at("/a")->member.mtime, 1493022125) << name;
    const auto large = std::ranges::find(
        found.members, 300'000U, [](const FoundMember& member) { return member.content.size(); });
    ASSERT_NE(large, found.members.end()) << name;
    EXPECT_EQ(large->content, content(300'000)) << name;
  }
}

}  // namespace
}  // namespace leakfs::archive
