// SPDX-License-Identifier: GPL-3.0-or-later
// A wrong byte is worse than a slow one: every container, read at random by several threads with a
// cache that is too small.
#include "fs/content/streams.h"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "fs/content/inputs.h"
#include "index/archive/writer.h"
#include "index/build/build.h"
#include "tests/unit/archive/zip_text.h"
#include "tests/unit/codec/packed.h"
#include "tests/unit/scratch.h"

namespace leakfs::content {
namespace {

constexpr int messages = 40;

// An mbox of 9 MB: messages of different sizes.
const std::string& mbox() {
  static const std::string bytes = [] {
    std::string all;
    for (unsigned i = 0; i < messages; ++i) {
      all +=
          fmt::format("From a Mon Apr 24 08:22:05 2017\nFrom: a@example.org\nSubject: {}\n\n", i);
      all += codec::words(i % 8 == 0 ? 1'500'000 : 2'000 * i, i) + "\n\n";
    }
    return all;
  }();
  return bytes;
}

struct Quiet final : build::ProgressListener {
  void update(const build::Progress&) override {}
  void warn(const std::string& text) override { ADD_FAILURE() << text; }
};

class StreamsOf : public testing::Test {
 protected:
  // Builds an index of the file and opens its streams.
  void open(const std::string& path, archive::CopyPolicy copy = archive::CopyPolicy::distant,
            std::size_t cache_size = 2 << 20) {
    streams_.reset();
    Quiet quiet;
    const std::string index = path + ".leakidx";
    const auto outcome = build::build_index(
        {.inputs = {path}, .output = index, .copy = copy, .replace = true}, quiet);
    ASSERT_TRUE(outcome) << outcome.error().text;
    Result<store::Snapshot> snapshot = store::Snapshot::open(index);
    ASSERT_TRUE(snapshot);
    index_.emplace(std::move(*snapshot));
    ASSERT_TRUE(index_->check());
    Result<Inputs> inputs = open_inputs(*index_, index, {});
    ASSERT_TRUE(inputs) << inputs.error().text;
    cache_.emplace(cache_size);
    streams_.emplace(*index_, std::move(inputs->source), *cache_, 1 << 20);
  }

  // Reads windows of the stream that begins with `whole`, in several threads.
  void expect_random_reads(StreamId id, Bytes whole, std::size_t window_max = 100'000) {
    std::atomic<int> wrong = 0;
    const auto read = [&](unsigned seed) {
      std::minstd_rand random(seed);
      for (int i = 0; i < 10; ++i) {
        const std::size_t offset = random() % whole.size();
        const std::size_t length = std::min(random() % window_max, whole.size() - offset);
        const Result<ByteString> bytes = streams_->read(id, {.offset = offset, .length = length});
        if (!bytes || *bytes != whole.substr(offset, length)) ++wrong;
      }
    };
    std::vector<std::jthread> threads;
    for (unsigned seed = 1; seed <= 4; ++seed) threads.emplace_back(read, seed);
    threads.clear();
    EXPECT_EQ(wrong, 0);
  }

  // Reads it from front to back.
  void expect_forward_reads(StreamId id, Bytes whole, std::size_t window) {
    for (std::size_t offset = 0; offset < whole.size(); offset += window) {
      const std::size_t length = std::min(window, whole.size() - offset);
      const Result<ByteString> bytes = streams_->read(id, {.offset = offset, .length = length});
      ASSERT_TRUE(bytes) << bytes.error().text;
      ASSERT_EQ(*bytes, whole.substr(offset, length)) << offset;
    }
    const std::uint64_t length = (*index_->stream(id))->length();
    EXPECT_FALSE(streams_->read(id, {.offset = length, .length = 1}));
    EXPECT_FALSE(streams_->read(id, {.offset = 0, .length = length + 1}));
    EXPECT_FALSE(streams_->read(id, {.offset = UINT64_MAX, .length = 2}));
  }

  // As somebody does who does not want it to be noticed.
  static void invert_byte(const std::string& path, std::size_t at) {
    const auto time = std::filesystem::last_write_time(path);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(~byte));
    file.close();
    std::filesystem::last_write_time(path, time);
  }

  // What becomes of reads of a stream that should be `whole`.
  struct Reads {
    int right = 0;
    int wrong = 0;
    int failed = 0;
  };
  Reads read_in_pieces(StreamId id, Bytes whole) {
    Reads reads;
    constexpr std::size_t piece = 200'000;
    for (std::size_t offset = 0; offset < whole.size(); offset += piece) {
      const std::size_t length = std::min(piece, whole.size() - offset);
      const Result<ByteString> bytes = streams_->read(id, {.offset = offset, .length = length});
      if (!bytes) {
        EXPECT_EQ(bytes.error().number, EIO);
        ++reads.failed;
      } else if (*bytes == whole.substr(offset, length)) {
        ++reads.right;
      } else {
        ++reads.wrong;
      }
    }
    return reads;
  }

  Scratch scratch_;
  std::optional<store::Snapshot> index_;
  std::optional<Cache> cache_;
  std::optional<Streams> streams_;
};

TEST_F(StreamsOf, EveryContainerGivesItsBytesInAnyOrder) {
  const std::pair<const char*, ByteString> containers[] = {
      {"mbox", mbox()},
      {"mbox.gz", codec::gzip_of(mbox())},
      {"members.gz", codec::in_pieces(mbox(), 100'000, codec::gzip_of)},
      {"mbox.bz2", codec::bzip2_of(mbox())},
      {"blocks.xz", codec::xz_of(mbox(), 1 << 20)},
      {"frames.zst", codec::in_pieces(mbox(), 300'000, codec::zstd_of)},
  };
  for (const auto& [name, bytes] : containers) {
    SCOPED_TRACE(name);
    const std::string path = scratch_.write(name, bytes);
    open(path);
    expect_random_reads({0}, mbox());
    expect_forward_reads({0}, mbox(), 277'777);
  }
}
TEST_F(StreamsOf, WhatIsOneBlockOrCopiedIsReadInAnyOrder) {
  const std::pair<const char*, ByteString> containers[] = {
      {"mbox.xz", codec::xz_of(mbox())},
      {"mbox.zst", codec::zstd_of(mbox())},
      {"twice.gz", codec::gzip_of(codec::gzip_of(mbox()))},
  };
  for (const auto& [name, bytes] : containers) {
    SCOPED_TRACE(name);
    const std::string path = scratch_.write(name, bytes);
    open(path, archive::CopyPolicy::distant, 20 << 20);
    expect_random_reads({0}, mbox());
    open(path, archive::CopyPolicy::all);
    expect_random_reads({0}, mbox());
    expect_forward_reads({0}, mbox(), 300'000);
  }
}
TEST_F(StreamsOf, AStreamInAStreamIsReadInAnyOrder) {
  const ByteString gzip = codec::gzip_of(mbox());
  const ByteString zip =
      archive::zip::Archive().add({.name = "a", .content = mbox(), .is_deflated = true}).whole();
  const ByteString zipped =
      archive::zip::Archive().add({.name = "a.gz", .content = gzip, .is_deflated = true}).whole();
  const std::pair<const char*, ByteString> containers[] = {
      {"zip.gz", codec::gzip_of(zip)},
      {"zip.bz2", codec::bzip2_of(zip)},
      {"copied.gz", codec::gzip_of(codec::gzip_of(zip))},
      {"gz.zip", zipped},
  };
  for (const auto& [name, bytes] : containers) {
    SCOPED_TRACE(name);
    const std::string path = scratch_.write(name, bytes);
    for (const auto copy : {archive::CopyPolicy::distant, archive::CopyPolicy::all}) {
      open(path, copy);
      expect_random_reads({1}, mbox());
      expect_forward_reads({1}, mbox(), 277'777);
    }
  }
}
TEST_F(StreamsOf, AStreamThatCanBeReadFromItsStartOnlyIsRightAllTheSame) {
  open(scratch_.write("twice.gz", codec::gzip_of(codec::gzip_of(mbox()))),
       archive::CopyPolicy::none, 20 << 20);
  expect_random_reads({0}, mbox());
  const std::string path = scratch_.path("leak.7z");
  Result<archive::Writer> writer = archive::Writer::create(path);
  const std::size_t half = mbox().size() / 2;
  ASSERT_TRUE(writer && writer->add("a", 0, Bytes(mbox()).substr(0, half)));
  ASSERT_TRUE(writer->add("b", 0, Bytes(mbox()).substr(half)) && writer->close());
  open(path, archive::CopyPolicy::none, 20 << 20);
  expect_random_reads({0}, mbox());
}
TEST_F(StreamsOf, MembersOfAZipAreStreamsOfTheirOwn) {
  const std::string small = "From: a@example.org\nSubject: x\n\n" + codec::words(100'000);
  const std::string path = scratch_.path("leak.zip");
  Result<archive::Writer> writer = archive::Writer::create(path);
  ASSERT_TRUE(writer && writer->add("small", 0, small) && writer->add("large", 0, mbox()));
  ASSERT_TRUE(writer->close());
  open(path);
  expect_random_reads({0}, small);
  expect_random_reads({1}, mbox());
  expect_forward_reads({1}, mbox(), 131'072);
}
TEST_F(StreamsOf, BlocksOfDeflateThatReferToNothingAreRight) {
  open(scratch_.write("leak.zip",
                      archive::zip::Archive()
                          .add({.name = "deflated", .content = mbox(), .is_deflated = true})
                          .add({.name = "stored", .content = mbox()})
                          .whole()));
  expect_random_reads({0}, mbox());
  expect_random_reads({1}, mbox());
}
TEST_F(StreamsOf, BytesThatAreNotThoseIndexedAreNeverGiven) {
  const ByteString zip =
      archive::zip::Archive().add({.name = "a", .content = mbox(), .is_deflated = true}).whole();
  const std::pair<const char*, ByteString> containers[] = {
      {"mbox", mbox()},
      {"mbox.gz", codec::gzip_of(mbox())},
      {"mbox.bz2", codec::bzip2_of(mbox())},
      {"blocks.xz", codec::xz_of(mbox(), 1 << 20)},
      {"frames.zst", codec::in_pieces(mbox(), 300'000, codec::zstd_of)},
      {"stored.zip", archive::zip::Archive().add({.name = "a", .content = mbox()}).whole()},
      {"deflated.zip", zip},
      {"zip.gz", codec::gzip_of(zip)},
  };
  for (const auto& [name, bytes] : containers) {
    SCOPED_TRACE(name);
    const std::string path = scratch_.write(name, bytes);
    // Right only as long as the file is: nothing of it is kept.
    open(path, archive::CopyPolicy::none, 1000);
    const std::uint32_t last = index_->index().streams() - 1;
    invert_byte(path, bytes.size() / 2);
    const auto [right, wrong, failed] = read_in_pieces({last}, mbox());
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(right, 0);
    EXPECT_GT(failed, 0);
  }
}
TEST_F(StreamsOf, AStreamThatWasDamagedWhenItWasIndexedIsGivenUpToTheDamage) {
  ByteString gzip = codec::gzip_of(mbox());
  gzip.resize(gzip.size() / 2);
  open(scratch_.write("cut.gz", gzip));
  const std::uint64_t length = (*index_->stream({0}))->length();
  EXPECT_GT(length, 3'000'000U);
  expect_forward_reads({0}, Bytes(mbox()).substr(0, length), 277'777);
}
TEST_F(StreamsOf, AnArchiveThatIsEditedGivesNoByteMore) {
  const std::string path = scratch_.write("mbox.gz", codec::gzip_of(mbox()));
  // The block that was read last stays; one read in the middle has none fetched ahead.
  open(path, archive::CopyPolicy::distant, 1000);
  const Window middle{.offset = mbox().size() / 2, .length = 10};
  const Window end{.offset = mbox().size() - 10, .length = 10};
  EXPECT_TRUE(streams_->read({0}, end));
  EXPECT_TRUE(streams_->read({0}, middle));
  std::ofstream(path, std::ios::app) << "!";
  EXPECT_FALSE(streams_->read({0}, end));
  EXPECT_FALSE(streams_->read({0}, {.offset = 0, .length = 10}));
}

}  // namespace
}  // namespace leakfs::content
