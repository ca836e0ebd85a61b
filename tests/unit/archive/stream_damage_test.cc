// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged tars, plain and compressed: what is whole behind the damage is found.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/archive/rar.h"
#include "tests/unit/archive/recorder.h"
#include "tests/unit/archive/tar_text.h"
#include "tests/unit/codec/packed.h"

namespace leakfs::archive {
namespace {

constexpr int members = 20;

const std::string& mail(int number) {
  static const std::vector<std::string> mails = [] {
    std::vector<std::string> all;
    for (unsigned i = 0; i < members; ++i) {
      all.push_back(fmt::format("From: a@example.org\nTo: b@example.org\nSubject: {}\n\n", i) +
                    codec::words(60'000, i));
    }
    return all;
  }();
  return mails[static_cast<std::size_t>(number)];
}
std::string name(int number) { return fmt::format("{}.eml", number); }

class StreamDamage : public testing::Test {
 protected:
  StreamDamage() {
    for (int i = 0; i < members; ++i) {
      headers_.push_back(bytes_.size());
      bytes_ += tar::member(name(i), mail(i));
    }
    bytes_ += tar::end();
  }
  Recorder walk_bytes(const std::string& bytes) { return walk_file(scratch_.write("leak", bytes)); }
  static bool has(const Recorder& found, int number) {
    return std::ranges::any_of(found.members, [&](const FoundMember& member) {
      return member.is_whole && member.content == mail(number);
    });
  }
  static int lost(const Recorder& found) {
    int count = 0;
    for (int i = 0; i < members; ++i) count += has(found, i) ? 0 : 1;
    return count;
  }
  std::string bytes_;
  std::vector<std::size_t> headers_;
  Scratch scratch_;
};

TEST_F(StreamDamage, ADamagedFirstHeaderTakesOneMember) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{150}, std::size_t{257}}) {
    std::string damaged = bytes_;
    damaged[at] ^= 1;
    for (const std::string& packed : {damaged, std::string(codec::gzip_of(damaged))}) {
      const Recorder found = walk_bytes(packed);
      EXPECT_TRUE(found.has_loss());
      EXPECT_EQ(lost(found), 1);
    }
  }
}
TEST_F(StreamDamage, BytesMissingOrPutInTakeOneMember) {
  for (const int number : {0, 7, members - 1}) {
    const std::size_t at = headers_[static_cast<std::size_t>(number)] + 5000;
    for (const std::size_t length : {1U, 100U, 512U, 2000U}) {
      const Recorder less = walk_bytes(bytes_.substr(0, at) + bytes_.substr(at + length));
      EXPECT_EQ(lost(less), 1) << length;
      // Nothing in a tar tells of whole records that are missing in its last member.
      EXPECT_TRUE(less.has_loss() || (number == members - 1 && length == 512)) << length;
      const Recorder more =
          walk_bytes(bytes_.substr(0, at) + ByteString(length, 'x') + bytes_.substr(at));
      EXPECT_EQ(lost(more), 1) << length;
      EXPECT_TRUE(more.has_loss());
    }
  }
}
TEST_F(StreamDamage, ASmashedHeaderTakesOneMember) {
  std::string damaged = bytes_;
  damaged.replace(headers_[9] + 100, 64, 64, '\xee');
  const Recorder found = walk_bytes(damaged);
  EXPECT_EQ(lost(found), 1);
  EXPECT_EQ(found.problems.size(), 1U);
}
// The members behind the damaged block are read again from points behind it.
TEST_F(StreamDamage, ADamagedBlockOfBzip2TakesItsMembersOnly) {
  const ByteString packed = codec::bzip2_of(bytes_, 1);
  for (int part = 0; part < 8; ++part) {
    ByteString damaged = packed;
    const std::size_t at = 100 + (packed.size() - 200) * static_cast<std::size_t>(part) / 8;
    damaged.replace(at, 8, 8, '\x55');
    const Recorder found = walk_bytes(damaged);
    EXPECT_TRUE(found.has_loss());
    EXPECT_LE(lost(found), 6) << part;
  }
}
TEST_F(StreamDamage, AMailboxGoesOnBehindADamagedBlockOfBzip2) {
  std::string mailbox;
  for (int i = 0; i < members; ++i) {
    mailbox += "From a Mon Apr 24 08:22:05 2017\n" + mail(i) + "\n\n";
  }
  ByteString damaged = codec::bzip2_of(mailbox, 1);
  damaged.replace(damaged.size() / 2, 8, 8, '\x55');
  const Recorder found = walk_bytes(damaged);
  ASSERT_EQ(found.members.size(), 1U);
  EXPECT_FALSE(found.members[0].is_whole);
  EXPECT_GT(found.members[0].content.size(), mailbox.size() - 250'000);
  EXPECT_TRUE(found.members[0].content.ends_with(mail(members - 1) + "\n\n"));
}

// RAR 5.0 archive format; technote.txt of RAR 3.
TEST(Rar, AVolumeIsTold) {
  const std::string mark = std::string("Rar!\x1a\x07\x01\0", 8);
  const std::string crc(4, 'c');
  EXPECT_TRUE(is_rar_volume(mark + crc + std::string("\x03\x01\x00\x01", 4)));
  EXPECT_TRUE(is_rar_volume(mark + crc + std::string("\x04\x01\x01\x05\x01", 5)));
  EXPECT_FALSE(is_rar_volume(mark + crc + std::string("\x03\x01\x00\x00", 4)));
  const std::string old("Rar!\x1a\x07\0cc\x73", 10);
  EXPECT_TRUE(is_rar_volume(old + std::string("\x01\x01", 2)));
  EXPECT_FALSE(is_rar_volume(old + std::string("\x00\x00", 2)));
  EXPECT_FALSE(is_rar_volume(old.substr(0, 9)));
  EXPECT_FALSE(is_rar_volume("PK"));
}

}  // namespace
}  // namespace leakfs::archive
