// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/source.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace leakfs::archive {
namespace {

std::string read(const codec::Input& input, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  const Result<std::size_t> count = input.read_some(offset, bytes.data(), length);
  return count ? bytes.substr(0, *count) : count.error().text;
}

class SourceOf : public testing::Test {
 protected:
  Scratch scratch_;
};

TEST_F(SourceOf, AnInputIsReadAtAnyOffset) {
  const Result<Source> source = Source::open({scratch_.write("leak", "hello world")});
  ASSERT_TRUE(source);
  const Result<const codec::Input*> input = source->input(0);
  ASSERT_TRUE(input);
  EXPECT_EQ((*input)->size(), 11U);
  EXPECT_EQ(read(**input, 0, 5), "hello");
  EXPECT_EQ(read(**input, 6, 100), "world");
  EXPECT_EQ(read(**input, 11, 1), "");
  EXPECT_EQ(read(**input, UINT64_MAX, 1), "");
}
TEST_F(SourceOf, AnInputThatWasWrittenToIsNotReadAnyMore) {
  const std::string path = scratch_.write("leak", "hello world");
  const Result<Source> source = Source::open({path});
  const Result<const codec::Input*> input = source->input(0);
  ASSERT_TRUE(input);
  std::ofstream(path, std::ios::app) << "!";
  EXPECT_EQ(read(**input, 0, 5), "leak: changed since it was indexed");
  // Nobody knows what it was in between.
  std::filesystem::resize_file(path, 11);
  EXPECT_EQ(read(**input, 0, 5), "leak: changed since it was indexed");
}
TEST_F(SourceOf, AnInputWhoseNameAnotherFileTookIsReadOn) {
  const std::string path = scratch_.write("leak", "hello world");
  const Result<Source> source = Source::open({path});
  std::filesystem::rename(scratch_.write("other", "other bytes"), path);
  EXPECT_EQ(read(**source->input(0), 0, 5), "hello");
}
TEST_F(SourceOf, AnInputThatIsNotThereSaysWhatToDo) {
  const Result<Source> source = Source::open({""});
  ASSERT_TRUE(source);
  const Result<const codec::Input*> input = source->input(0);
  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().hint, "name it with -o archive=FILE");
  EXPECT_FALSE(source->input(7));
}
TEST_F(SourceOf, AFileThatCannotBeOpenedIsAnError) {
  EXPECT_FALSE(Source::open({scratch_.path("absent")}));
}

}  // namespace
}  // namespace leakfs::archive
