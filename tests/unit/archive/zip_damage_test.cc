// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged and hostile zips: what is wrong with one member, or with the directory, does not take the
// others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/archive/recorder.h"
#include "tests/unit/archive/zip_text.h"

namespace leakfs::archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string content(std::size_t size, char salt) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += salt + std::to_string(i * i) + "\n";
  text.resize(size);
  return text;
}

class ZipDamage : public testing::Test {
 protected:
  Recorder walk_bytes(const std::string& bytes) {
    return walk_file(scratch_.write("leak.zip", bytes));
  }
  static zip::Archive three(bool has_descriptor = false, bool is_deflated = true) {
    zip::Archive archive;
    for (const char name : {'a', 'b', 'c'}) {
      archive.add({.name = {name, '.', 'e', 'm', 'l'},
                   .content = content(3000, name),
                   .is_deflated = is_deflated,
                   .has_descriptor = has_descriptor});
    }
    return archive;
  }
  static const Problem* problem(const Recorder& found, const std::string& kind) {
    const auto at = std::ranges::find(found.problems, kind, &Problem::kind);
    return at == found.problems.end() ? nullptr : &*at;
  }
  static void expect_whole(const Recorder& found, char name) {
    const FoundMember* member = found.find(std::string("leak.zip/") + name + ".eml");
    ASSERT_NE(member, nullptr) << name;
    EXPECT_EQ(member->content, content(3000, name));
    EXPECT_TRUE(member->is_whole);
  }
  // Of the member.
  static std::size_t header_of(const std::string& bytes, char name) {
    return bytes.find(std::string(1, name) + ".eml") - 30;
  }
  Scratch scratch_;
};

TEST_F(ZipDamage, ABitOfAHeaderTakesNoMember) {
  const std::string bytes = three().whole();
  const std::size_t header = header_of(bytes, 'b');
  for (std::size_t at = 0; at < 35; ++at) {
    for (const int bit : {1, 16}) {
      std::string damaged = bytes;
      damaged[header + at] = static_cast<char>(damaged[header + at] ^ bit);
      const Recorder found = walk_bytes(damaged);
      for (const char name : {'a', 'b', 'c'}) expect_whole(found, name);
    }
  }
}
TEST_F(ZipDamage, ABitOfTheDirectoryTakesNoOtherMember) {
  const std::string bytes = three().whole();
  const std::size_t directory = three().members().size();
  for (std::size_t at = directory; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    const Recorder found = walk_bytes(damaged);
    int whole = 0;
    for (const char name : {'a', 'b', 'c'}) {
      whole += std::ranges::any_of(found.members, [&](const FoundMember& member) {
        return member.content == content(3000, name);
      });
    }
    EXPECT_EQ(whole, 3) << at - directory;
  }
}
TEST_F(ZipDamage, BytesPutInOrTakenOutTakeOneMember) {
  const std::string bytes = three().whole();
  const std::size_t middle = header_of(bytes, 'b') + 1000;
  for (const std::string& damaged :
       {bytes.substr(0, middle) + std::string(100, 'x') + bytes.substr(middle),
        bytes.substr(0, middle) + bytes.substr(middle + 100)}) {
    const Recorder found = walk_bytes(damaged);
    EXPECT_TRUE(found.has_loss());
    expect_whole(found, 'a');
    expect_whole(found, 'c');
  }
}
// Its place could be anywhere, and what lies before the end of a member is not read again.
TEST_F(ZipDamage, AFolderWithADamagedHeaderTakesNoOtherMember) {
  zip::Archive archive;
  archive.add({.name = "d/"});
  for (const char name : {'a', 'b', 'c'}) {
    archive.add({.name = {name, '.', 'e', 'm', 'l'}, .content = content(3000, name)});
  }
  std::string bytes = archive.whole();
  bytes.replace(26, 2, zip::le(5000, 2));  // the length of its name
  const Recorder found = walk_bytes(bytes);
  for (const char name : {'a', 'b', 'c'}) expect_whole(found, name);
  EXPECT_TRUE(found.has_loss());
}
TEST_F(ZipDamage, WithoutADirectoryADamagedMemberTakesNoOther) {
  for (const bool has_descriptor : {false, true}) {
    for (const bool is_deflated : {false, true}) {
      const std::string bytes = three(has_descriptor, is_deflated).members();
      const Recorder found = walk_bytes(bytes);
      EXPECT_THAT(found.paths(), ElementsAre("leak.zip/a.eml", "leak.zip/b.eml", "leak.zip/c.eml"));
      EXPECT_EQ(found.problems.size(), 1U);
      for (const char name : {'a', 'b', 'c'}) expect_whole(found, name);
      std::string damaged = bytes;
      damaged.replace(header_of(bytes, 'b') + 200, 64, 64, '\xff');
      const Recorder rest = walk_bytes(damaged);
      expect_whole(rest, 'a');
      expect_whole(rest, 'c');
    }
  }
}

// As in zip bombs: the bytes of one member, headers and all, are those of another.
TEST_F(ZipDamage, AMemberWithinAnotherIsNotReadAndSaid) {
  const std::string inner = zip::Archive().add({.name = "b", .content = "hello"}).members();
  zip::Archive outer;
  outer.add({.name = "a", .content = "text" + inner});
  std::string bytes = outer.members();
  std::string whole = outer.whole();
  // A second entry of the directory, whose local header is in the content of the first.
  const std::string one = whole.substr(bytes.size(), 46 + 1);
  std::string other = one;
  other[46] = 'b';
  other.replace(20, 8, zip::le(5, 4) + zip::le(5, 4));
  other.replace(16, 4, zip::le(zip::crc32("hello"), 4));
  other.replace(42, 4, zip::le(30 + 1 + 4, 4));
  whole = bytes + one + other + "PK\5\6" + zip::le(0, 4) + zip::le(2, 2) + zip::le(2, 2) +
          zip::le(one.size() + other.size(), 4) + zip::le(bytes.size(), 4) + zip::le(0, 2);
  const Recorder found = walk_bytes(whole);
  EXPECT_THAT(found.paths(), ElementsAre("leak.zip/a", "leak.zip/b"));
  ASSERT_EQ(found.members.size(), 2U);
  EXPECT_EQ(found.members[0].content, "text" + inner);
  EXPECT_EQ(found.members[1].content, "");
  ASSERT_NE(problem(found, "overlap"), nullptr);
  EXPECT_THAT(problem(found, "overlap")->detail, HasSubstr("leak.zip/b"));
}

TEST_F(ZipDamage, AMethodThatNobodyHereDecodesIsNamed) {
  std::string bytes = three().whole();
  const std::size_t local = header_of(bytes, 'b');
  const std::size_t central = bytes.rfind("b.eml") - 46;
  bytes[local + 8] = bytes[central + 10] = 9;
  const Recorder found = walk_bytes(bytes);
  ASSERT_NE(problem(found, "method"), nullptr);
  EXPECT_EQ(problem(found, "method")->source, "leak.zip/b.eml");
  EXPECT_THAT(problem(found, "method")->detail, HasSubstr("Deflate64"));
  expect_whole(found, 'a');
  expect_whole(found, 'c');
}

}  // namespace
}  // namespace leakfs::archive
