// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of an index that somebody forged: its seal is right and its records have the right form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fs/tree/tree.h"
#include "index/store/writer.h"
#include "tests/unit/scratch.h"

namespace leakfs::tree {
namespace {

using store::Table;
using testing::HasSubstr;

class ForgedTree : public testing::Test {
 protected:
  // Folder 0 with one subfolder, archive/ with one file; both named so.
  void open(const std::string& name) {
    Result<store::IndexWriter> writer = store::IndexWriter::create(scratch_.path("index"), true);
    ASSERT_TRUE(writer);
    store::TableWriter& tables = writer->tables();
    const auto put = [&](Table table, std::uint32_t number, const ByteString& value) {
      ASSERT_TRUE(tables.append(table, store::bytes_of(store::key_of(number)), value));
    };
    ASSERT_TRUE(tables.append(Table::meta, store::index_key,
                              store::encode<records::Index>(records::IndexT())));
    put(Table::folders, 0, store::encode<records::Folder>(root_));
    folder_.name = name;
    put(Table::folders, 1, store::encode<records::Folder>(folder_));
    records::EntryT archive;
    archive.kind = records::EntryKind::directory;
    put(Table::entries, 0, store::encode<records::Entry>(archive));
    entry_.name = name;
    put(Table::entries, 1, store::encode<records::Entry>(entry_));
    put(Table::entry_children, 0, children_);
    ASSERT_TRUE(writer->finish("leakfs test"));
    index_.emplace(*store::Snapshot::open(scratch_.path("index")));
    content_.emplace(*index_, archive::Source(), 1000);
    tree_.emplace(*index_, *content_);
  }

  // What a listing of the folder fails with.
  std::string error_of(const Node& directory) {
    const Result<void> listed = tree_->list(
        directory, 0, [](const DirectoryEntry& /*entry*/, std::uint64_t) { return true; });
    return listed ? "" : listed.error().text;
  }

  static constexpr Node archive_root = {.kind = Kind::entry};
  static constexpr Node eml_root = {.kind = Kind::folder_eml};
  Scratch scratch_;
  records::FolderT root_ = [] {
    records::FolderT root;
    root.children = 1;
    root.first_child = 1;
    return root;
  }();
  records::FolderT folder_;
  records::EntryT entry_;
  ByteString children_ = ByteString("\0\0\0\1", 4);
  std::optional<store::Snapshot> index_;
  std::optional<content::Content> content_;
  std::optional<Tree> tree_;
};

TEST_F(ForgedTree, ANameThatNoFileCanHaveIsNeverGiven) {
  open("harmless");
  EXPECT_EQ(error_of(archive_root), "");
  EXPECT_EQ(error_of(eml_root), "");
  for (const std::string& name : {std::string(), std::string("."), std::string(".."),
                                  std::string("a/b"), std::string("a\0b", 3), std::string(256, 'a'),
                                  std::string("\x1b[2J"), std::string("a\n")}) {
    open(name);
    EXPECT_THAT(error_of(archive_root), HasSubstr("a name that no file can have"));
    EXPECT_THAT(error_of(eml_root), HasSubstr("a name that no file can have"));
    EXPECT_FALSE(tree_->lookup(archive_root, name));
    EXPECT_FALSE(tree_->lookup(eml_root, name));
  }
}
TEST_F(ForgedTree, WhatIsInTwoPlacesIsAnError) {
  folder_.parent = 7;
  children_ = ByteString("\0\0\0\0", 4);
  open("harmless");
  EXPECT_THAT(error_of(archive_root), HasSubstr("in two places"));
  EXPECT_THAT(error_of(eml_root), HasSubstr("in two places"));
}
TEST_F(ForgedTree, AListOfNoWholeNumbersIsAnError) {
  children_ = "xyz";
  open("harmless");
  EXPECT_THAT(error_of(archive_root), HasSubstr("a list of the index is damaged"));
}
TEST_F(ForgedTree, MoreSubfoldersThanThereAreEndWithAnError) {
  root_.children = UINT32_MAX - 1;
  open("harmless");
  EXPECT_THAT(error_of(eml_root), HasSubstr("no record 2"));
}

}  // namespace
}  // namespace leakfs::tree
