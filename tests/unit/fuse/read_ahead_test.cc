// SPDX-License-Identifier: GPL-3.0-or-later
#include "fs/fuse/read_ahead.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakfs::fuse {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr pid_t grep = 100;
constexpr pid_t find = 200;

class Reading : public testing::Test {
 protected:
  static tree::Inode file(tree::Inode folder, std::size_t i) { return folder * 100'000 + i; }

  // A thread lists a folder to its end, in replies of so many files, as the kernel does.
  bool list(pid_t thread, tree::Inode folder, std::size_t count, std::uint32_t size = 1000,
            std::size_t per_reply = 50) {
    std::size_t at = 0;
    bool has_work = ahead_.ask(thread, {.folder = folder, .cookie = 0}, now_);
    while (at < count) {
      std::vector<ListedFile> files;
      const std::size_t from = at;
      for (; at < count && files.size() < per_reply; ++at) {
        files.push_back({.inode = file(folder, at), .size = size});
      }
      ahead_.list({.folder = folder, .from = from, .to = at}, files);
      if (tree_[folder].size() < at) {
        tree_[folder].insert(tree_[folder].end(), files.begin(), files.end());
      }
      has_work = ahead_.ask(thread, {.folder = folder, .cookie = at}, now_);
    }
    return has_work;
  }

  bool read(pid_t thread, tree::Inode inode) { return ahead_.read(thread, inode, now_); }

  // What is pushed until there is nothing to do.
  std::vector<tree::Inode> pushed() {
    std::vector<tree::Inode> all;
    for (std::vector<ListedFile> batch = ahead_.next(now_); !batch.empty();
         batch = ahead_.next(now_)) {
      EXPECT_LE(batch.size(), ReadAhead::batch_max);
      for (const ListedFile& file : batch) all.push_back(file.inode);
    }
    return all;
  }

  // Reads files from one position to another as a program does: what was pushed sends no READ. The
  // number of READs.
  std::size_t read_all(pid_t thread, tree::Inode folder, std::size_t from, std::size_t to,
                       std::set<tree::Inode>& cached) {
    std::size_t reads = 0;
    for (; from < to; ++from) {
      if (!cached.contains(file(folder, from))) {
        ++reads;
        read(thread, file(folder, from));
      }
      for (const tree::Inode inode : pushed()) EXPECT_TRUE(cached.insert(inode).second);
    }
    return reads;
  }

  // Folders as they are in the tree, by the files that list() gave them.
  std::map<tree::Inode, std::vector<ListedFile>> tree_;
  ReadAhead ahead_{{.holds =
                        [this](tree::Inode folder, tree::Inode file) {
                          return std::ranges::find(tree_[folder], file, &ListedFile::inode) !=
                                 tree_[folder].end();
                        },
                    .files = [this](tree::Inode folder) { return tree_[folder]; }}};
  ReadAhead::Time now_ = ReadAhead::Time() + 1h;
};

TEST_F(Reading, NothingIsPushedBeforeARead) {
  EXPECT_FALSE(list(find, 1, 500));
  EXPECT_THAT(pushed(), IsEmpty());
}

TEST_F(Reading, AFileOfNoListedFolderSaysNothing) {
  list(find, 1, 10);
  EXPECT_FALSE(read(grep, file(2, 0)));
  EXPECT_THAT(pushed(), IsEmpty());
}

TEST_F(Reading, ALookAtOneFilePushesNothing) {
  list(grep, 1, 8);
  EXPECT_FALSE(read(grep, file(1, 0)));
  EXPECT_THAT(pushed(), IsEmpty());
}

TEST_F(Reading, ASmallFolderIsPushedWhole) {
  list(grep, 1, 8);
  read(grep, file(1, 3));
  EXPECT_TRUE(read(grep, file(1, 4)));
  EXPECT_THAT(pushed(), SizeIs(6));
}

TEST_F(Reading, WhoReadsOnIsAnsweredBehindTheBatch) {
  list(grep, 1, 500);
  EXPECT_FALSE(read(grep, file(1, 0)));
  EXPECT_TRUE(read(grep, file(1, 1)));
  EXPECT_FALSE(read(grep, file(1, 400)));
}

TEST_F(Reading, ALargeFolderIsPushedFromTheFileOn) {
  list(grep, 1, 500);
  read(grep, file(1, 100));
  read(grep, file(1, 101));
  const std::vector<tree::Inode> all = pushed();
  ASSERT_THAT(all, SizeIs(ReadAhead::window_min));
  EXPECT_EQ(all.front(), file(1, 102));
}

TEST_F(Reading, TheWindowDoublesAsReadingGoesOn) {
  list(grep, 1, 60'000);
  std::set<tree::Inode> cached;
  const std::size_t reads = read_all(grep, 1, 0, 60'000, cached);
  EXPECT_LE(reads, 60'000 / ReadAhead::window_max + 10);
  EXPECT_EQ(cached.size() + reads, 60'000);
}

TEST_F(Reading, TheWindowIsClosedWhereReadingLeaps) {
  list(grep, 1, 50'000);
  std::size_t count = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    read(grep, file(1, (i * 7919) % 50'000));
    count += pushed().size();
  }
  EXPECT_EQ(count, 0U);
}

// The first file of many folders, as of folders by id in the order of the archive.
TEST_F(Reading, TheStartOfAnotherFolderIsALeap) {
  for (tree::Inode folder = 1; folder <= 50; ++folder) list(find, folder, 8);
  for (tree::Inode folder = 1; folder <= 50; ++folder) read(grep, file(folder, 0));
  EXPECT_THAT(pushed(), IsEmpty());
}

TEST_F(Reading, TheStartOfTheNextFolderGoesOnBehindTheEndOfOne) {
  std::set<tree::Inode> cached;
  std::size_t reads = 0;
  for (tree::Inode folder = 1; folder <= 50; ++folder) list(find, folder, 100);
  for (tree::Inode folder = 1; folder <= 50; ++folder) {
    reads += read_all(grep, folder, 0, 100, cached);
  }
  EXPECT_LE(reads, 70U);
}

TEST_F(Reading, FoldersAreReadAheadAsTheyAreListed) {
  std::set<tree::Inode> cached;
  std::size_t reads = 0;
  for (tree::Inode folder = 1; folder <= 1000; ++folder) {
    list(grep, folder, 8);
    for (const tree::Inode inode : pushed()) cached.insert(inode);
    reads += read_all(grep, folder, 0, 8, cached);
  }
  EXPECT_LE(reads, 8000 / ReadAhead::window_max + 10);
}

TEST_F(Reading, AFolderIsPushedOnlyWhenTheKernelKnowsItsFiles) {
  list(grep, 1, 8);
  read(grep, file(1, 0));
  read(grep, file(1, 1));
  pushed();
  EXPECT_FALSE(ahead_.ask(grep, {.folder = 2, .cookie = 0}, now_));
  ahead_.list({.folder = 2, .from = 0, .to = 1}, std::vector<ListedFile>{{.inode = 7, .size = 9}});
  EXPECT_THAT(pushed(), IsEmpty());
  EXPECT_TRUE(ahead_.ask(grep, {.folder = 2, .cookie = 1}, now_));
  EXPECT_THAT(pushed(), SizeIs(1));
}

TEST_F(Reading, ListingByAnotherThreadIsNotPushed) {
  list(grep, 1, 8);
  read(grep, file(1, 0));
  read(grep, file(1, 1));
  pushed();
  EXPECT_FALSE(list(find, 2, 8));
  EXPECT_THAT(pushed(), IsEmpty());
}

TEST_F(Reading, WhoStopsReadingAndGoesOnListingCostsALittle) {
  list(grep, 1, 8);
  read(grep, file(1, 0));
  read(grep, file(1, 1));
  std::size_t count = pushed().size();
  for (tree::Inode folder = 2; folder < 100; ++folder) {
    list(grep, folder, 8);
    count += pushed().size();
  }
  EXPECT_EQ(count, ReadAhead::window_min);
}

TEST_F(Reading, ACreditLastsForItsTime) {
  list(grep, 1, 500);
  read(grep, file(1, 0));
  read(grep, file(1, 1));
  now_ += ReadAhead::patience + 1ms;
  EXPECT_THAT(pushed(), IsEmpty());
  EXPECT_FALSE(list(grep, 2, 8));
}

TEST_F(Reading, WorkOfAFolderThatWasLeftIsDropped) {
  list(grep, 1, 500);
  list(grep, 2, 500);
  read(grep, file(1, 0));
  read(grep, file(1, 1));
  read(grep, file(2, 0));
  for (const tree::Inode inode : pushed()) EXPECT_GT(inode, file(2, 0));
}

TEST_F(Reading, ACreditIsBoundedInBytes) {
  list(grep, 1, 500, 60'000);
  read(grep, file(1, 0));
  read(grep, file(1, 1));
  EXPECT_THAT(pushed(), SizeIs(ReadAhead::window_min * ReadAhead::bytes_per_file / 60'000));
}

TEST_F(Reading, LargeAndEmptyFilesAreLeftOut) {
  list(grep, 1, 3, ReadAhead::file_size_max + 1);
  list(grep, 2, 3, 0);
  read(grep, file(1, 0));
  EXPECT_THAT(pushed(), IsEmpty());
  read(grep, file(2, 0));
  EXPECT_THAT(pushed(), IsEmpty());
}

TEST_F(Reading, SeveralReadersOfAFolderPushNothingTwice) {
  list(grep, 1, 2000);
  std::set<tree::Inode> cached;
  for (std::size_t i = 0; i < 2000; i += 100) {
    for (pid_t thread = 1; thread <= 4; ++thread) read_all(thread, 1, i, i + 100, cached);
  }
  EXPECT_GT(cached.size(), 1900);
}

TEST_F(Reading, WhatTheKernelDroppedIsPushedAgain) {
  list(grep, 1, 8);
  read(grep, file(1, 0));
  read(grep, file(1, 1));
  EXPECT_THAT(pushed(), SizeIs(6));
  read(grep, file(1, 2));  // overtook the push
  EXPECT_THAT(pushed(), IsEmpty());
  now_ += ReadAhead::push_time_max + 1ms;
  EXPECT_TRUE(read(grep, file(1, 3)));
  EXPECT_THAT(pushed(), SizeIs(7));
}

TEST_F(Reading, FilesListedByNameAreFoundAndPushedInOrderOfInodes) {
  const std::vector<ListedFile> files = {{.inode = 30, .size = 1},
                                         {.inode = 10, .size = 1},
                                         {.inode = 40, .size = 1},
                                         {.inode = 20, .size = 1}};
  ahead_.ask(grep, {.folder = 1, .cookie = 0}, now_);
  ahead_.list({.folder = 1, .from = 0, .to = 4}, files);
  ahead_.ask(grep, {.folder = 1, .cookie = 4}, now_);
  read(grep, 30);
  read(grep, 10);
  EXPECT_THAT(pushed(), testing::ElementsAre(20, 40));
}

// The kernel remembers what find listed, so a grep behind it lists nothing.
TEST_F(Reading, FoldersAreReadInTheOrderInWhichTheyWereListed) {
  constexpr tree::Inode folders = 5000;
  for (tree::Inode folder = 1; folder <= folders; ++folder) {
    list(find, 1'000'000 + folder, 0);  // the folder around it
    list(find, folder, 8);
  }
  std::set<tree::Inode> cached;
  std::size_t reads = 0;
  for (tree::Inode folder = 1; folder <= folders; ++folder) {
    reads += read_all(grep, folder, 0, 8, cached);
  }
  EXPECT_LE(reads, 8 * folders / ReadAhead::window_max + 20);
}

// The kernel forgot them, and so did we.
TEST_F(Reading, AFolderThatIsListedAnewComesBeforeTheOneBehindIt) {
  constexpr tree::Inode folders = 1000;
  for (tree::Inode folder = 1; folder <= folders; ++folder) list(find, folder, 8);
  std::set<tree::Inode> cached;
  std::size_t reads = 0;
  for (tree::Inode folder = 1; folder <= folders; ++folder) {
    list(grep, folder, 8);
    for (const tree::Inode inode : pushed()) cached.insert(inode);
    reads += read_all(grep, folder, 0, 8, cached);
  }
  EXPECT_LE(reads, 8 * folders / ReadAhead::window_max + 20);
}

TEST_F(Reading, ForgottenFoldersAreSearchedOnceInAWhile) {
  for (tree::Inode folder = 1; folder <= 1000; ++folder) list(find, folder, 8);
  read(grep, file(500, 0));
  EXPECT_TRUE(read(grep, file(500, 1)));
  read(grep, file(700, 0));
  EXPECT_FALSE(read(grep, file(700, 1)));
  now_ += ListedFolders::search_pause_min + 1ms;
  EXPECT_TRUE(read(grep, file(700, 2)));
}

// A message is in a folder of every view.
TEST_F(Reading, TwoFilesSayWhichOfTheirFoldersIsRead) {
  constexpr tree::Inode days = 1000;
  for (tree::Inode day = 1; day <= days; ++day) list(find, day, 1);
  for (tree::Inode sender = 2001; sender <= 2010; ++sender) {
    std::vector<ListedFile> files;
    for (tree::Inode day = sender - 2000; day <= days; day += 10) {
      files.push_back({.inode = file(day, 0), .size = 1000});
    }
    ahead_.ask(find, {.folder = sender, .cookie = 0}, now_);
    ahead_.list({.folder = sender, .from = 0, .to = files.size()}, files);
    ahead_.ask(find, {.folder = sender, .cookie = files.size()}, now_);
    tree_[sender] = files;
  }
  std::set<tree::Inode> cached;
  std::size_t reads = 0;
  for (tree::Inode day = 1; day <= days; ++day) {
    if (!cached.contains(file(day, 0))) {
      ++reads;
      read(grep, file(day, 0));
    }
    for (const tree::Inode inode : pushed()) cached.insert(inode);
  }
  EXPECT_LE(reads, 20U);
}

// The search brings back a folder that has both files, but not one behind the other, while the one
// where the second was found is the next to be forgotten.
TEST_F(Reading, ASearchDropsNoFolderThatIsInUse) {
  list(find, 1, 8);
  for (tree::Inode folder = 2; folder <= ListedFolders::folders_max; ++folder) {
    list(find, folder, 1);
  }
  const auto list_one = [&](tree::Inode folder, tree::Inode inode) {
    const std::vector<ListedFile> files = {{.inode = inode, .size = 1000}};
    ahead_.ask(find, {.folder = folder, .cookie = 0}, now_);
    ahead_.list({.folder = folder, .from = 0, .to = 1}, files);
    tree_[folder] = files;
  };
  list_one(5000, file(1, 5));
  for (tree::Inode folder = 6000; folder < 6000 + ListedFolders::folders_max - 1; ++folder) {
    list(find, folder, 1);
  }
  read(grep, file(1, 0));
  EXPECT_FALSE(read(grep, file(1, 5)));
}

TEST_F(Reading, ReadersAreBounded) {
  list(find, 1, 8);
  for (pid_t thread = 1; thread < 1000; ++thread) {
    read(thread, file(1, 0));
    read(thread, file(1, 1));
  }
  EXPECT_THAT(pushed(), SizeIs(6));
}

}  // namespace
}  // namespace leakfs::fuse
