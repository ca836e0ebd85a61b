// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/forward_readers.h"

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/archive/zip_text.h"
#include "tests/unit/scratch.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t size = 3 << 20;

std::string content() {
  std::string text;
  while (text.size() < size) text += std::to_string(text.size()) + " ";
  text.resize(size);
  return text;
}

class Forward : public testing::Test {
 protected:
  Forward() : content_(content()), stream_(zip::deflated(content_)) {}

  File file() const {
    Result<File> opened = File::open(scratch_.write("leak", stream_));
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }
  StreamPlan plan() const {
    return {.kind = StreamKind::deflated, .stored_length = stream_.size(), .length = size};
  }

  Scratch scratch_;
  std::string content_;
  std::string stream_;
};

TEST_F(Forward, WindowsInAnyOrderFromSeveralThreadsGiveTheirBytes) {
  const File opened = file();
  ForwardReaders readers;
  std::atomic<int> wrong = 0;
  const auto read = [&](unsigned seed) {
    std::minstd_rand random(seed);
    for (int i = 0; i < 40; ++i) {
      const std::size_t offset = random() % (size - 5000);
      const Result<ByteString> bytes = readers.read(opened, plan(), offset, 5000);
      if (!bytes || *bytes != content_.substr(offset, 5000)) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed) threads.emplace_back(read, seed);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(Forward, AFailureLeavesNoByteInAWrongPlace) {
  stream_.resize(stream_.size() * 3 / 4);
  const File opened = file();
  Inflater inflater(opened, plan());
  ASSERT_TRUE(inflater.read(0, 300 << 10));
  ASSERT_FALSE(inflater.read(300 << 10, size - (300 << 10)));
  EXPECT_FALSE(inflater.read(inflater.window_start(), 10));
  ForwardReaders readers;
  ASSERT_FALSE(readers.read(opened, plan(), 300 << 10, size - (300 << 10)));
  EXPECT_EQ(readers.read(opened, plan(), 1 << 20, 100), content_.substr(1 << 20, 100));
}

}  // namespace
}  // namespace leakfs::archive
