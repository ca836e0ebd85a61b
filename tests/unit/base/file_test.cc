// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/base/file.h"

#include <cerrno>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace leakfs {
namespace {

class FileIn : public testing::Test {
 protected:
  Scratch scratch_;
};

TEST_F(FileIn, BytesAreReadFromAnyOffset) {
  const Result<File> file = File::open(scratch_.write("a", "hello"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 5U);
  EXPECT_EQ(file->read(0, 5), "hello");
  EXPECT_EQ(file->read(3, 2), "lo");
  EXPECT_EQ(file->read(5, 0), "");
}
TEST_F(FileIn, AnEndBeforeAllBytesIsAnError) {
  const Result<File> file = File::open(scratch_.write("a", "hello"));
  EXPECT_FALSE(file->read(0, 6));
  EXPECT_FALSE(file->read(5, 1));
  EXPECT_FALSE(file->read(1'000'000, 1));
}
TEST_F(FileIn, ReadingSomeStopsAtTheEnd) {
  const Result<File> file = File::open(scratch_.write("a", "hello"));
  char buffer[10] = {};
  EXPECT_EQ(file->read_some(2, buffer, sizeof buffer), 3U);
  EXPECT_EQ(Bytes(buffer, 3), "llo");
  EXPECT_EQ(file->read_some(5, buffer, sizeof buffer), 0U);
}
TEST_F(FileIn, ANewOneIsItsOwnersAloneAndReplacesNone) {
  const Result<File> file = File::create(scratch_.path("new"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->status()->st_mode & 07777, 0600U);
  ASSERT_TRUE(file->write(0, "kept"));
  const Result<File> again = File::create(scratch_.path("new"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().number, EEXIST);
  EXPECT_EQ(again.error().status, ExitStatus::output);
  EXPECT_EQ(file->read(0, 4), "kept");
}
TEST_F(FileIn, ALinkInTheWayIsNoNewFile) {
  std::filesystem::create_symlink(scratch_.path("victim"), scratch_.path("link"));
  EXPECT_FALSE(File::create(scratch_.path("link")));
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("victim")));
}
TEST_F(FileIn, OneThatIsAbsentIsAnErrorWithItsName) {
  const Result<File> file = File::open(scratch_.path("absent"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().number, ENOENT);
  EXPECT_EQ(file.error().status, ExitStatus::input);
  EXPECT_TRUE(file.error().text.starts_with(scratch_.path("absent")));
}
TEST_F(FileIn, BytesAreWrittenAtTheirOffset) {
  const Result<File> file = File::create(scratch_.path("a"));
  ASSERT_TRUE(file->write(3, "end"));
  ASSERT_TRUE(file->write(0, "abc"));
  EXPECT_EQ(file->read(0, 6), "abcend");
  EXPECT_TRUE(file->sync());
}
TEST_F(FileIn, AFullDiskIsAnErrorOfTheOutput) {
  const File full(::open("/dev/full", O_RDWR | O_CLOEXEC));
  const Result<void> written = full.write(0, "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().status, ExitStatus::output);
  EXPECT_EQ(written.error().number, ENOSPC);
}
TEST_F(FileIn, ATemporaryOneHasNoName) {
  const Result<File> file = File::temporary_beside(scratch_.path("a"));
  ASSERT_TRUE(file);
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path("")));
  ASSERT_TRUE(file->write(0, "x"));
  EXPECT_EQ(file->read(0, 1), "x");
  EXPECT_FALSE(File::temporary_beside(scratch_.path("absent/a")));
}
TEST_F(FileIn, IsClosedOnceHoweverItMoves) {
  Result<File> file = File::open(scratch_.write("a", "hello"));
  const int descriptor = file->descriptor();
  {
    const File moved = std::move(*file);
    EXPECT_FALSE(file->is_open());
    EXPECT_EQ(moved.descriptor(), descriptor);
    EXPECT_NE(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC, 0);
  }
  EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1);
}

TEST_F(FileIn, AMappingShowsItsBytes) {
  const Result<File> file = File::open(scratch_.write("a", "hello"));
  EXPECT_EQ(Mapping::of(*file, 5)->bytes(), "hello");
  EXPECT_EQ(Mapping::of(*file, 0)->bytes(), "");
}

TEST(PathOf, AFileAndItsDirectory) {
  EXPECT_EQ(file_name_of("/leaks/mail.tar.gz"), "mail.tar.gz");
  EXPECT_EQ(file_name_of("mail.tar.gz"), "mail.tar.gz");
  EXPECT_EQ(file_name_of("/leaks/dir//"), "dir");
  EXPECT_EQ(file_name_of("/"), "/");
  EXPECT_EQ(directory_of("/leaks/mail.tar.gz"), "/leaks");
  EXPECT_EQ(directory_of("/mail"), "/");
  EXPECT_EQ(directory_of("mail"), ".");
  EXPECT_EQ(directory_of("/leaks/dir/"), "/leaks");
  EXPECT_EQ(directory_of("/"), "/");
}

}  // namespace
}  // namespace leakfs
