// SPDX-License-Identifier: GPL-3.0-or-later
// An index is whole or absent.
#include "index/store/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "index/store/records.h"
#include "index/store/snapshot.h"
#include "tests/unit/scratch.h"

namespace leakfs::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Writing : public testing::Test {
 protected:
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(scratch_.path(""))) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }
  Result<IndexWriter> create(bool replace = false) const {
    return IndexWriter::create(output_, replace);
  }
  // Writes an index of nothing but its own description.
  Result<void> write(const std::string& program, bool replace = false) const {
    IndexWriter writer = TRY(create(replace));
    records::IndexT index;
    index.program = program;
    TRY(writer.tables().append(Table::meta, "index", encode<records::Index>(index)));
    return writer.finish(program);
  }
  std::string program() const {
    const Result<Snapshot> snapshot = Snapshot::open(output_);
    EXPECT_TRUE(snapshot) << snapshot.error().text;
    return snapshot ? std::string(text_of(snapshot->index().program())) : "";
  }

  Scratch scratch_;
  std::string output_ = scratch_.path("leak.leakidx");
};

TEST_F(Writing, FinishingLeavesTheIndexAndNothingElse) {
  ASSERT_TRUE(write("leakfs 1"));
  EXPECT_THAT(files(), ElementsAre("leak.leakidx"));
  EXPECT_EQ(program(), "leakfs 1");
}
TEST_F(Writing, AnIndexIsItsOwnersAlone) {
  ASSERT_TRUE(write("leakfs 1"));
  struct stat status = {};
  ASSERT_EQ(::stat(output_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}
TEST_F(Writing, OneThatIsNotFinishedLeavesNothing) {
  {
    Result<IndexWriter> writer = create();
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->heap().append("text"));
    ASSERT_TRUE(writer->tables().append(Table::files, "a", "b"));
    EXPECT_FALSE(std::filesystem::exists(output_));
  }
  EXPECT_THAT(files(), IsEmpty());
}
TEST_F(Writing, AnOutputThatExistsIsKept) {
  ASSERT_TRUE(write("leakfs 1"));
  const Result<void> second = write("leakfs 2");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().status, ExitStatus::output);
  EXPECT_THAT(second.error().text, HasSubstr("exists"));
  EXPECT_EQ(program(), "leakfs 1");
  EXPECT_THAT(files(), ElementsAre("leak.leakidx"));
}
TEST_F(Writing, AnOutputIsReplacedAtTheEndAndNotBefore) {
  ASSERT_TRUE(write("leakfs 1"));
  {
    const Result<IndexWriter> unfinished = create(true);
    ASSERT_TRUE(unfinished);
    EXPECT_EQ(program(), "leakfs 1");
  }
  EXPECT_EQ(program(), "leakfs 1");
  ASSERT_TRUE(write("leakfs 2", true));
  EXPECT_EQ(program(), "leakfs 2");
  EXPECT_THAT(files(), ElementsAre("leak.leakidx"));
}
TEST_F(Writing, ASecondWriterIsToldThatItIsBusy) {
  Result<IndexWriter> first = create();
  ASSERT_TRUE(first);
  const Result<IndexWriter> second = create();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().status, ExitStatus::output);
  EXPECT_THAT(second.error().text, HasSubstr("another mkleakfs is writing it"));
  // The second has taken nothing from the first.
  ASSERT_TRUE(
      first->tables().append(Table::meta, "index", encode<records::Index>(records::IndexT())));
  EXPECT_TRUE(first->finish("leakfs 1"));
  EXPECT_EQ(Snapshot::open(output_).has_value(), true);
}
TEST_F(Writing, WhatADeadProcessLeftIsUsedAgain) {
  scratch_.write("leak.leakidx.tmp", std::string(100'000, 'x'));
  ASSERT_TRUE(write("leakfs 1"));
  EXPECT_EQ(program(), "leakfs 1");
  EXPECT_THAT(files(), ElementsAre("leak.leakidx"));
}
TEST_F(Writing, AnOutputThatIsNoFileIsRefused) {
  std::filesystem::create_directory(output_);
  EXPECT_FALSE(create(true));
  EXPECT_THAT(files(), ElementsAre("leak.leakidx"));
}
TEST_F(Writing, ALinkInTheWayIsNotFollowed) {
  std::filesystem::create_symlink(scratch_.path("victim"), output_ + ".tmp");
  EXPECT_FALSE(create());
  EXPECT_THAT(files(), ElementsAre("leak.leakidx.tmp"));
}
// Of the names next to this one, ".tmp" is short enough and that of the heap too long.
TEST_F(Writing, OneThatCannotStartLeavesNothing) {
  EXPECT_FALSE(IndexWriter::create(scratch_.path(std::string(251, 'n')), false));
  EXPECT_THAT(files(), IsEmpty());
}
TEST_F(Writing, APlaceThatIsNotThereIsAnError) {
  EXPECT_FALSE(IndexWriter::create(scratch_.path("absent/leak.leakidx"), false));
}

}  // namespace
}  // namespace leakfs::store
