// SPDX-License-Identifier: GPL-3.0-or-later
// Compressed archives: what can be had again from the archive itself, and what is copied.
#include <fmt/format.h>

#include "index/archive/writer.h"
#include "tests/unit/archive/recorder.h"
#include "tests/unit/archive/tar_text.h"
#include "tests/unit/codec/packed.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t member_size = 900'000;
constexpr int members = 12;

const std::string& mail(int number) {
  static const std::vector<std::string> mails = [] {
    std::vector<std::string> all;
    for (unsigned i = 0; i < members; ++i) {
      all.push_back(fmt::format("From: a@example.org\nSubject: {}\n\n", i) +
                    codec::words(member_size, i));
    }
    return all;
  }();
  return mails[static_cast<std::size_t>(number)];
}

const std::string& tar_of_mail() {
  static const std::string bytes = [] {
    std::string all;
    for (int i = 0; i < members; ++i) all += tar::member(fmt::format("{}.eml", i), mail(i));
    return all + tar::end();
  }();
  return bytes;
}

class Compressed : public testing::Test {
 protected:
  Recorder walk_bytes(const std::string& name, const std::string& bytes,
                      CopyPolicy copy = CopyPolicy::distant) {
    Recorder found = walk_file(scratch_.write(name, bytes), {.copy = copy, .passphrase = {}});
    EXPECT_EQ(found.members.size(), std::size_t{members});
    for (std::size_t i = 0; i < found.members.size(); ++i) {
      EXPECT_EQ(found.members[i].content, mail(static_cast<int>(i)));
    }
    EXPECT_FALSE(found.has_loss());
    return found;
  }
  // The format is that of the name.
  std::string write(const std::string& name,
                    const std::vector<std::pair<std::string, std::string>>& contents) {
    const std::string path = scratch_.path(name);
    Result<Writer> writer = Writer::create(path);
    EXPECT_TRUE(writer);
    for (const auto& [member, content] : contents) EXPECT_TRUE(writer->add(member, 0, content));
    EXPECT_TRUE(writer->close());
    return path;
  }
  static bool is_slow(const Recorder& found) {
    return std::ranges::any_of(found.problems,
                               [](const Problem& problem) { return problem.kind == "slow"; });
  }
  Scratch scratch_;
};

TEST_F(Compressed, AStreamWithNearPointsIsNotCopied) {
  const struct {
    StreamKind kind;
    ByteString bytes;
    std::size_t points_min;
  } cases[] = {
      {StreamKind::gzip, codec::gzip_of(tar_of_mail()), 1},
      {StreamKind::bzip2, codec::bzip2_of(tar_of_mail()), 10},
      {StreamKind::xz, codec::xz_of(tar_of_mail(), 3'000'000), 3},
      {StreamKind::xz, codec::xz_of(tar_of_mail()), 0},
      {StreamKind::zstd, codec::in_pieces(tar_of_mail(), 2'000'000, codec::zstd_of), 4},
      {StreamKind::zstd, codec::zstd_of(tar_of_mail()), 0},
  };
  for (const auto& one : cases) {
    const Recorder found = walk_bytes("leak", one.bytes);
    ASSERT_EQ(found.streams.size(), 1U);
    EXPECT_EQ(found.streams[0].kind, one.kind);
    EXPECT_EQ(found.streams[0].stored_length, one.bytes.size());
    const std::size_t points = found.points.contains(0) ? found.points.at(0).size() : 0;
    EXPECT_GE(points, one.points_min);
    EXPECT_FALSE(is_slow(found));
  }
}

TEST_F(Compressed, AMemberOfAZipHasPointsOfItsOwn) {
  const ByteString large = mail(0) + codec::words(20'000'000);
  const Recorder found =
      walk_file(write("leak.zip", {{"small", "From: a@b\n\nx"}, {"large", large}}));
  ASSERT_EQ(found.streams.size(), 2U);
  EXPECT_EQ(found.streams[1].kind, StreamKind::deflate);
  EXPECT_FALSE(found.points.contains(0));
  EXPECT_GE(found.points.at(1).size(), 4U);
}

TEST_F(Compressed, EverythingIsCopiedWhereTheIndexHasToServeAlone) {
  for (const ByteString& bytes :
       {tar_of_mail(), ByteString(codec::gzip_of(tar_of_mail())), codec::zstd_of(tar_of_mail())}) {
    const Recorder found = walk_bytes("leak", bytes, CopyPolicy::all);
    ASSERT_EQ(found.streams.size(), 1U);
    EXPECT_EQ(found.streams[0].kind, StreamKind::copied);
    EXPECT_EQ(found.copies[0], tar_of_mail());
  }
  const Recorder zip = walk_file(write("leak.zip", {{"a", mail(1)}, {"b", mail(2)}}),
                                 {.copy = CopyPolicy::all, .passphrase = {}});
  ASSERT_EQ(zip.streams.size(), 1U);
  EXPECT_EQ(zip.copies[0], mail(1) + mail(2));
}

TEST_F(Compressed, WhatCanBeReadFromTheStartOnlyIsCopiedUnlessForbidden) {
  const ByteString nested = codec::gzip_of(codec::gzip_of(tar_of_mail()));
  EXPECT_EQ(walk_bytes("leak", nested).streams[0].kind, StreamKind::copied);
  const Recorder found = walk_bytes("leak", nested, CopyPolicy::none);
  EXPECT_EQ(found.streams[0].kind, StreamKind::filtered);
  EXPECT_TRUE(is_slow(found));

  const std::string path = write("leak.7z", {{"a", mail(1)}, {"b", mail(2)}, {"c", mail(3)}});
  EXPECT_EQ(walk_file(path).streams[0].kind, StreamKind::copied);
  const Recorder slow = walk_file(path, {.copy = CopyPolicy::none, .passphrase = {}});
  EXPECT_EQ(slow.streams[0].kind, StreamKind::members);
  EXPECT_TRUE(is_slow(slow));
}

TEST_F(Compressed, ALargeFrameIsCopiedUnlessForbidden) {
  const std::string large = tar::member("a.eml", mail(1) + std::string(70 << 20, 'x')) + tar::end();
  const ByteString packed = codec::zstd_of(large);
  const std::string path = scratch_.write("leak.tar.zst", packed);
  EXPECT_EQ(walk_file(path).streams[0].kind, StreamKind::copied);
  const Recorder found = walk_file(path, {.copy = CopyPolicy::none, .passphrase = {}});
  EXPECT_EQ(found.streams[0].kind, StreamKind::zstd);
  EXPECT_TRUE(is_slow(found));
}

}  // namespace
}  // namespace leakfs::archive
