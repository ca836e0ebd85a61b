// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/entry_tree.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace leakfs::build {
namespace {

using testing::ElementsAre;

class Names : public testing::Test {
 protected:
  // The paths of files with those names as stored, after all are in.
  static std::vector<std::string> paths(const std::vector<std::string>& stored) {
    EntryTree tree;
    std::vector<EntryId> ids;
    for (const std::string& path : stored) ids.push_back(tree.add({.path = path}));
    const std::string file = testing::TempDir() + "entry_tree_test." + std::to_string(::getpid());
    Result<store::TableWriter> tables = store::TableWriter::create(file);
    EXPECT_TRUE(tables && tree.write(*tables));
    ::unlink(file.c_str());
    std::vector<std::string> found;
    for (const EntryId id : ids) found.push_back(tree.path_of(id));
    return found;
  }
};

TEST_F(Names, AreKeptWhereTheyDiffer) {
  EXPECT_THAT(paths({"a/x", "b/x", "a/y"}), ElementsAre("a/x", "b/x", "a/y"));
}

TEST_F(Names, ThatAreTheSameGetANumber) {
  EXPECT_THAT(paths({"a/x", "a/x", "a/x"}), ElementsAre("a/x", "a/x~2", "a/x~3"));
}

TEST_F(Names, DoNotTakeAnothersByTheirNumber) {
  EXPECT_THAT(paths({"x", "x~2", "x", "x~2"}), ElementsAre("x", "x~2", "x~3", "x~2~2"));
}

TEST_F(Names, AsLongAsTheyMayBeAreStillToldApart) {
  const std::string longest = std::string(253, 'a') + "~2";
  EXPECT_THAT(paths({longest, longest, longest}),
              ElementsAre(longest, std::string(253, 'a') + "~3", std::string(253, 'a') + "~4"));
}

TEST_F(Names, OfADirectoryAndAFileAreToldApart) {
  EXPECT_THAT(paths({"x", "x/y"}), ElementsAre("x", "x~2/y"));
}

TEST_F(Names, DeeperThanTheLimitAreOne) {
  std::string deep;
  for (std::size_t i = 0; i < path_depth_max; ++i) deep += "d/";
  EXPECT_THAT(paths({deep + "file", deep + "e/file"}), ElementsAre(deep + "file", deep + "e_file"));
}

TEST(Links, LeadToAFileThatCameBefore) {
  EntryTree tree;
  const EntryId file = tree.add({.path = "a/b"});
  tree.set_extent(file, {.offset = 7, .length = 9});
  const EntryId link = tree.add({.path = "c", .kind = archive::MemberKind::link});
  EXPECT_TRUE(tree.link(link, "a/b"));
  EXPECT_FALSE(tree.link(tree.add({.path = "d", .kind = archive::MemberKind::link}), "a"));
  EXPECT_FALSE(tree.link(tree.add({.path = "e", .kind = archive::MemberKind::link}), "e"));
}

}  // namespace
}  // namespace leakfs::build
