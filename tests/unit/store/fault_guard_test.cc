// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/store/fault_guard.h"

#include <algorithm>
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "index/base/file.h"
#include "tests/unit/scratch.h"

namespace leakfs::store {
namespace {

constexpr std::size_t page = 4096;

class FaultGuardOf : public testing::Test {
 protected:
  void SetUp() override {
    path_ = scratch_.write("mapped", ByteString(4 * page, 'x'));
    const Result<File> file = File::open(path_);
    mapping_ = *Mapping::of(*file, 4 * page);
  }

  Scratch scratch_;
  std::string path_;
  Mapping mapping_;
};

TEST_F(FaultGuardOf, AFileThatIsCutReadsAsZerosAndIsKnown) {
  const FaultGuard guard(mapping_.bytes());
  EXPECT_EQ(std::ranges::count(mapping_.bytes(), 'x'), 4 * page);
  EXPECT_FALSE(guard.has_faulted());
  std::filesystem::resize_file(path_, page);
  EXPECT_EQ(mapping_.bytes()[0], 'x');
  EXPECT_FALSE(guard.has_faulted());
  EXPECT_EQ(mapping_.bytes()[2 * page + 5], '\0');
  EXPECT_TRUE(guard.has_faulted());
  EXPECT_EQ(std::ranges::count(mapping_.bytes(), 'x'), page);
}
TEST_F(FaultGuardOf, EachGuardKnowsOfItsOwnMappingOnly) {
  const Result<File> other = File::open(scratch_.write("other", ByteString(page, 'y')));
  const Mapping mapping = *Mapping::of(*other, page);
  const FaultGuard first(mapping_.bytes());
  const FaultGuard second(mapping.bytes());
  std::filesystem::resize_file(path_, 0);
  EXPECT_EQ(mapping_.bytes()[0], '\0');
  EXPECT_TRUE(first.has_faulted());
  EXPECT_FALSE(second.has_faulted());
}
TEST_F(FaultGuardOf, AFaultElsewhereEndsTheProcess) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  // By SIGBUS, or by a sanitizer that says so.
  EXPECT_DEATH(
      {
        const FaultGuard guard(mapping_.bytes().substr(0, page));
        std::filesystem::resize_file(path_, 0);
        volatile const char byte = mapping_.bytes()[3 * page];
        static_cast<void>(byte);
      },
      "");
}

}  // namespace
}  // namespace leakfs::store
