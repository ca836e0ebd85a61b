// SPDX-License-Identifier: GPL-3.0-or-later
// Bombs: what is over a limit is left out, said, and does not keep the rest from being read.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/archive/writer.h"
#include "tests/unit/archive/recorder.h"
#include "tests/unit/archive/tar_text.h"
#include "tests/unit/archive/zip_text.h"
#include "tests/unit/codec/packed.h"

namespace leakfs::archive {
namespace {

using testing::IsEmpty;

// Limits that small input reaches; the others stay as they are.
constexpr std::uint64_t free_bytes = 100'000;

std::string run_of(char byte, std::size_t size) { return std::string(size, byte); }
std::string zeros(std::size_t size) { return run_of('\0', size); }
std::string tar_of(const std::string& content) {
  return tar::member("first.eml", "From: a@b\nTo: b@c\n\nx") + tar::member("bomb", content) +
         tar::member("last.eml", "From: a@b\nTo: b@c\n\ny") + tar::end();
}

class Limit : public testing::Test {
 protected:
  Recorder walk_bytes(const std::string& name, const std::string& bytes, Limits limits) {
    return walk_file(scratch_.write(name, bytes),
                     {.passphrase = {}, .temporary_beside = {}, .limits = limits});
  }
  Recorder walk_bytes(const std::string& name, const std::string& bytes) {
    return walk_bytes(name, bytes, {.ratio_free = free_bytes});
  }
  static std::size_t count(const Recorder& found, const std::string& kind) {
    return static_cast<std::size_t>(
        std::ranges::count_if(found.problems, [&](const Problem& problem) {
          EXPECT_TRUE(problem.kind != kind || problem.is_loss);
          return problem.kind == kind;
        }));
  }
  Scratch scratch_;
};

TEST(Limits, ARatioIsExceededByOneByteMore) {
  const Limits limits;
  EXPECT_FALSE(limits.is_ratio_exceeded(64_MiB, 0));
  EXPECT_TRUE(limits.is_ratio_exceeded(64_MiB + 1, 0));
  EXPECT_FALSE(limits.is_ratio_exceeded(200 * 1_MiB, 1_MiB));
  EXPECT_TRUE(limits.is_ratio_exceeded(200 * 1_MiB + 1, 1_MiB));
  EXPECT_FALSE(limits.is_output_exceeded(64_GiB, 1));
  EXPECT_TRUE(limits.is_output_exceeded(64_GiB + 1, 1));
  EXPECT_FALSE(limits.is_output_exceeded(100 * 1_GiB, 1_GiB));
  EXPECT_TRUE(limits.is_output_exceeded(100 * 1_GiB + 1, 1_GiB));
}

TEST_F(Limit, AMemberOfAZipMayHaveAnyRatioUpToTheFreeBytes) {
  for (const std::size_t size : {std::size_t{free_bytes}, std::size_t{free_bytes + 1}}) {
    const std::string path = scratch_.path("leak.zip");
    Result<Writer> writer = Writer::create(path);
    ASSERT_TRUE(writer && writer->add("bomb", 0, zeros(size)) && writer->add("last", 0, "y"));
    ASSERT_TRUE(writer->close());
    const Recorder found = walk_file(
        path, {.passphrase = {}, .temporary_beside = {}, .limits = {.ratio_free = free_bytes}});
    ASSERT_EQ(found.members.size(), 2U);
    EXPECT_EQ(count(found, "ratio"), size > free_bytes ? 1U : 0U);
    EXPECT_EQ(found.members[0].is_whole, size <= free_bytes);
    EXPECT_EQ(found.members[1].content, "y");
  }
}
TEST_F(Limit, AMemberOfACompressedTarStopsAndTheNextIsRead) {
  for (const auto& pack : {codec::gzip_of, codec::zstd_of}) {
    const Recorder found = walk_bytes("leak", pack(tar_of(zeros(50'000'000))));
    ASSERT_EQ(found.members.size(), 3U);
    EXPECT_EQ(count(found, "ratio"), 1U);
    EXPECT_FALSE(found.members[1].is_whole);
    EXPECT_LT(found.members[1].content.size(), 30'000'000U);
    EXPECT_EQ(found.members[2].content, "From: a@b\nTo: b@c\n\ny");
  }
}
// zstd takes the second from the first.
TEST_F(Limit, ACopyOfALargeMemberIsNoBomb) {
  const std::string text = codec::words(2'000'000);
  const Recorder found = walk_bytes(
      "leak", codec::zstd_of(tar::member("a", text) + tar::member("b", text) + tar::end()));
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.members.at(1).content, text);
}
TEST_F(Limit, ABareMailStops) {
  const Recorder found =
      walk_bytes("mail.gz", codec::gzip_of("From: a@b\nTo: b@c\n\n" + run_of('a', 20'000'000)));
  EXPECT_EQ(count(found, "ratio"), 1U);
  EXPECT_FALSE(found.members.at(0).is_whole);
}
TEST_F(Limit, TheHolesOfASparseFileCount) {
  std::string sparse = tar::header({.name = "sparse", .type = 'S', .size = 512, .is_gnu = true});
  tar::put(sparse, 386, fmt::format("{:011o}", 0));
  tar::put(sparse, 398, fmt::format("{:011o}", 512));
  tar::put(sparse, 483, "77777777777");  // 8 GiB
  tar::seal(sparse);
  const Recorder found = walk_bytes(
      "leak.tar", sparse + std::string(512, 'a') + tar::member("next", "y") + tar::end());
  ASSERT_EQ(found.members.size(), 2U);
  EXPECT_EQ(count(found, "ratio"), 1U);
  EXPECT_LT(found.members[0].content.size(), 2'000'000U);
  EXPECT_EQ(found.members[1].content, "y");
}

TEST_F(Limit, WhatTheArchivesInAMemberHoldCountsForThatMember) {
  std::string inner;
  for (int i = 0; i < 40; ++i) inner += tar::member(fmt::format("{}", i), zeros(90'000));
  for (const int count_within : {1, 40}) {
    std::string one;
    for (int i = 0; i < count_within; ++i) {
      one += tar::member(fmt::format("{}.gz", i),
                         codec::gzip_of(tar::member("zeros", zeros(90'000)) + tar::end()));
    }
    const std::string bytes =
        tar::member("bomb.tar.gz", codec::gzip_of(one + tar::end())) + tar::member("last", "y");
    const Recorder found = walk_bytes("leak.tar", bytes + tar::end());
    EXPECT_EQ(count(found, "ratio"), count_within == 1 ? 0U : 1U);
    EXPECT_EQ(found.members.back().content, "y");
  }
}
TEST_F(Limit, WhatAllArchivesInAnInputHoldCountsForTheInput) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes += tar::member(fmt::format("{}.gz", i), codec::gzip_of(tar_of(zeros(90'000))));
  }
  EXPECT_EQ(count(walk_bytes("leak.tar", bytes + tar::end()), "ratio"), 0U);
  const Recorder found = walk_bytes("leak.tar.gz", codec::gzip_of(bytes + tar::end()));
  EXPECT_GE(count(found, "ratio"), 1U);
  EXPECT_NE(found.find("leak.tar.gz/99.gz"), nullptr);
}

TEST_F(Limit, TheWalkEndsWithTheOutputOfAllArchives) {
  const std::string bytes = tar_of(zeros(5'000'000));
  const std::string packed = codec::gzip_of(bytes);
  EXPECT_THAT(walk_bytes("leak.gz", packed, {.output_free = bytes.size()}).problems, IsEmpty());
  const Recorder found = walk_bytes("leak.gz", packed, {.output_free = bytes.size() - 1});
  EXPECT_EQ(count(found, "ratio"), 1U);
  EXPECT_TRUE(found.members.at(0).is_whole);
}
TEST_F(Limit, TheWalkEndsWithTheLastMember) {
  const std::string bytes = tar_of("z");
  EXPECT_THAT(walk_bytes("leak.tar", bytes, {.members_max = 3}).problems, IsEmpty());
  const Recorder found = walk_bytes("leak.tar", bytes, {.members_max = 2});
  EXPECT_EQ(count(found, "members"), 1U);
  EXPECT_EQ(found.members.size(), 2U);
}
TEST_F(Limit, TheInputsBehindItsEndAreSaidToBeLeftOut) {
  const std::string path = scratch_.write("leak.tar", tar_of("z"));
  const WalkOptions options{
      .passphrase = {}, .temporary_beside = path, .limits = {.members_max = 2}};
  const Result<Walk> walk = Walk::open({path, path}, options);
  ASSERT_TRUE(walk);
  WalkTotals totals;
  Recorder found;
  for (const std::size_t input : {0, 1}) {
    const Result<InputSummary> summary = walk->run(input, totals, found);
    ASSERT_TRUE(summary);
    EXPECT_FALSE(summary->is_whole);
  }
  EXPECT_EQ(count(found, "left-out"), 1U);
}

}  // namespace
}  // namespace leakfs::archive
