// SPDX-License-Identifier: GPL-3.0-or-later
// Archives that are members of archives: what they hold is found, and can be read again through the
// streams of those around them.
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/archive/sniff.h"
#include "index/archive/walk_context.h"
#include "index/archive/writer.h"
#include "tests/unit/archive/recorder.h"
#include "tests/unit/archive/tar_text.h"
#include "tests/unit/archive/zip_text.h"
#include "tests/unit/codec/packed.h"

namespace leakfs::archive {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::string mail(unsigned number, std::size_t size = 3000) {
  return fmt::format("From: a@example.org\nSubject: {}\n\n", number) + codec::words(size, number);
}

std::string tar_of(std::string_view name, const std::string& content) {
  return tar::member("first.eml", mail(1)) + tar::member(name, content) +
         tar::member("last.eml", mail(2)) + tar::end();
}
std::string zip_of(const std::string& name, const std::string& content, bool is_deflated = true) {
  return zip::Archive()
      .add({.name = "first.eml", .content = mail(3)})
      .add({.name = name, .content = content, .is_deflated = is_deflated})
      .add({.name = "last.eml", .content = mail(4), .is_deflated = true})
      .whole();
}

class Nested : public testing::Test {
 protected:
  Recorder walk_bytes(const std::string& name, const std::string& bytes,
                      CopyPolicy copy = CopyPolicy::distant) {
    return walk_file(scratch_.write(name, bytes), {.copy = copy});
  }
  // The format is that of the name.
  std::string packed(const std::string& name, const std::string& member,
                     const std::string& content) {
    const std::string path = scratch_.path(name);
    Result<Writer> writer = Writer::create(path);
    EXPECT_TRUE(writer && writer->add(member, 0, content) && writer->close());
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static const Problem* problem(const Recorder& found, const std::string& kind) {
    const auto at = std::ranges::find(found.problems, kind, &Problem::kind);
    return at == found.problems.end() ? nullptr : &*at;
  }
  Scratch scratch_;
};

TEST_F(Nested, AZipInATarGz) {
  const std::string inner = zip_of("d/b.eml", mail(7, 300'000));
  const Recorder found = walk_bytes("leak.tar.gz", codec::gzip_of(tar_of("in.zip", inner)));
  EXPECT_THAT(found.paths(),
              ElementsAre("leak.tar.gz/first.eml", "leak.tar.gz/in.zip",
                          "leak.tar.gz/in.zip.d/first.eml", "leak.tar.gz/in.zip.d/d/b.eml",
                          "leak.tar.gz/in.zip.d/last.eml", "leak.tar.gz/last.eml"));
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.members[1].content, inner);
  EXPECT_EQ(found.members[3].content, mail(7, 300'000));
  ASSERT_EQ(found.streams.size(), 4U);
  const StreamPlan& plan = found.streams[2];
  EXPECT_EQ(plan.kind, StreamKind::deflate);
  EXPECT_TRUE(plan.is_nested);
  EXPECT_EQ(plan.input, 0U);
  EXPECT_GT(plan.offset, found.members[1].extents[0].offset);
}
TEST_F(Nested, ATarGzInAZip) {
  const std::string inner = codec::gzip_of(tar_of("b.eml", mail(7, 9'000'000)));
  for (const bool is_deflated : {false, true}) {
    const Recorder found = walk_bytes("leak.zip", zip_of("in.tar.gz", inner, is_deflated));
    EXPECT_THAT(found.problems, IsEmpty());
    ASSERT_NE(found.find("leak.zip/in.tar.gz.d/b.eml"), nullptr);
    EXPECT_EQ(found.find("leak.zip/in.tar.gz.d/b.eml")->content, mail(7, 9'000'000));
    EXPECT_EQ(found.find("leak.zip/last.eml")->content, mail(4));
    EXPECT_EQ(found.streams.at(2).kind, StreamKind::gzip);
    EXPECT_GE(found.points.at(2).size(), 4U);
  }
}
TEST_F(Nested, ASevenZipInAZip) {
  const std::string inner = packed("in.7z", "a.eml", mail(7));
  const Recorder found = walk_bytes("leak.zip", zip_of("in.7z", inner));
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.find("leak.zip/in.7z.d/a.eml")->content, mail(7));
  EXPECT_EQ(found.streams.at(2).kind, StreamKind::copied);

  const Recorder slow = walk_bytes("leak.zip", zip_of("in.7z", inner), CopyPolicy::none);
  EXPECT_EQ(slow.streams.at(2).kind, StreamKind::members);
  ASSERT_NE(problem(slow, "slow"), nullptr);
  EXPECT_EQ(problem(slow, "slow")->source, "leak.zip/in.7z");
}
TEST_F(Nested, ATarInACopiedSevenZip) {
  const Recorder found =
      walk_file((packed("leak.7z", "in.tar", tar_of("b.eml", mail(7))), scratch_.path("leak.7z")));
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.find("leak.7z/in.tar.d/b.eml")->content, mail(7));
  ASSERT_EQ(found.streams.size(), 2U);
  EXPECT_EQ(found.streams[0].kind, StreamKind::copied);
  EXPECT_EQ(found.streams[1].kind, StreamKind::stored);
  EXPECT_TRUE(found.streams[1].is_nested);
}
TEST_F(Nested, ACpioOfMailIsNoMail) {
  const std::string cpio = "070707000001000001100644000000000000000001000000" +
                           fmt::format("{:011o}{:06o}{:011o}", 0, 6, mail(7).size()) + "a.eml" +
                           '\0' + mail(7) + "070707" + std::string(30, '0') + "000001000000" +
                           fmt::format("{:011o}{:06o}{:011o}", 0, 11, 0) + "TRAILER!!!" + '\0';
  const Recorder found = walk_bytes("leak.zip", zip_of("in.cpio", cpio));
  ASSERT_NE(found.find("leak.zip/in.cpio.d/a.eml"), nullptr);
  EXPECT_EQ(found.find("leak.zip/in.cpio.d/a.eml")->content, mail(7));
}
TEST_F(Nested, AnMboxAndAMailThatAreCompressed) {
  const std::string mbox = "From a Mon Apr 24 08:22:05 2017\n" + mail(8, 2'000'000);
  const Recorder found =
      walk_bytes("leak.tar", tar::member("box.mbox.gz", codec::gzip_of(mbox)) +
                                 tar::member("d/one.eml.bz2", codec::bzip2_of(mail(7))) +
                                 tar::member("two", codec::zstd_of(mail(9))) + tar::end());
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.find("leak.tar/box.mbox.gz.d/box.mbox")->content, mbox);
  EXPECT_EQ(found.find("leak.tar/d/one.eml.bz2.d/one.eml")->content, mail(7));
  EXPECT_EQ(found.find("leak.tar/two.d/two")->content, mail(9));
  EXPECT_EQ(found.streams.at(1).kind, StreamKind::gzip);
  EXPECT_EQ(found.streams.at(1).offset, tar::record_size);
}
TEST_F(Nested, AZipThatIsCompressedAsAWhole) {
  const std::string inner = zip_of("b.eml", mail(7));
  for (const char* name : {"leak.zip.gz", "leak.tar"}) {
    const bool is_tar = name == std::string("leak.tar");
    const std::string gzip = codec::gzip_of(inner);
    const Recorder found = walk_bytes(name, is_tar ? tar_of("leak.zip.gz", gzip) : gzip);
    EXPECT_THAT(found.problems, IsEmpty());
    const std::string base = is_tar ? "leak.tar/leak.zip.gz.d" : "leak.zip.gz";
    EXPECT_EQ(found.find(base + "/leak.zip")->content, inner);
    EXPECT_EQ(found.find(base + "/leak.zip.d/b.eml")->content, mail(7));
  }
}
TEST_F(Nested, AFileOfADirectory) {
  const Scratch directory;
  directory.write("in.zip", zip_of("b.eml", mail(7, 2'000'000)));
  const Recorder found = walk_file(directory.path(""));
  EXPECT_EQ(found.streams.at(0).kind, StreamKind::copied);
  EXPECT_TRUE(found.streams.at(1).is_nested);
  EXPECT_EQ(found.members.at(2).content, mail(7, 2'000'000));
}
TEST_F(Nested, WhatIsCopiedOnceServesWhatLiesInIt) {
  const std::string whole = codec::gzip_of(tar_of("in.zip", zip_of("b.eml", mail(7))));
  const Recorder all = walk_bytes("leak.tar.gz", whole, CopyPolicy::all);
  EXPECT_EQ(all.streams.at(0).kind, StreamKind::copied);
  EXPECT_EQ(all.streams.at(2).kind, StreamKind::deflate);
  EXPECT_TRUE(all.streams.at(2).is_nested);
  const std::string slow =
      tar_of("in.tar.gz.gz", codec::gzip_of(codec::gzip_of(tar_of("b", mail(7)))));
  EXPECT_EQ(walk_bytes("leak.tar", slow, CopyPolicy::all).streams.at(1).kind, StreamKind::copied);
  EXPECT_EQ(walk_bytes("leak.tar", slow).streams.at(1).kind, StreamKind::copied);
  const Recorder none = walk_bytes("leak.tar", slow, CopyPolicy::none);
  EXPECT_EQ(none.streams.at(1).kind, StreamKind::filtered);
  EXPECT_NE(problem(none, "slow"), nullptr);
}

// A zip around a zip and so on, `levels` of them.
std::string layers(int levels, std::string content, const std::string& name) {
  for (int i = 0; i < levels; ++i) {
    content = zip::Archive().add({.name = i == 0 ? name : "in.zip", .content = content}).whole();
  }
  return content;
}
TEST_F(Nested, FourLevelsAreWalkedAndAFifthIsReported) {
  static_assert(nested_max == 4);
  const std::string base = "leak.zip/in.zip.d/in.zip.d/in.zip.d/";
  const Recorder four = walk_bytes("leak.zip", layers(5, mail(7), "a.eml"));
  EXPECT_THAT(four.problems, IsEmpty());
  EXPECT_EQ(four.find(base + "in.zip.d/a.eml")->content, mail(7));
  const std::string fifth = layers(1, mail(7), "a.eml");
  for (const std::string& inner : {fifth, std::string(codec::gzip_of(mail(7)))}) {
    const Recorder five = walk_bytes("leak.zip", layers(5, inner, "fifth"));
    ASSERT_EQ(five.problems.size(), 1U);
    EXPECT_EQ(five.problems[0].kind, "nested");
    EXPECT_TRUE(five.problems[0].is_loss);
    EXPECT_EQ(five.problems[0].source, base + "in.zip.d/fifth");
    EXPECT_EQ(five.members.back().content, inner);
  }
  // Neither an archive nor mail is no level.
  EXPECT_THAT(walk_bytes("leak.zip", layers(5, codec::gzip_of("text"), "fifth")).problems,
              IsEmpty());
}
TEST_F(Nested, ThreeCompressionsAreDecodedAndAFourthIsReported) {
  std::string content = mail(7);
  for (int i = 0; i < 3; ++i) content = codec::gzip_of(content);
  const Recorder three = walk_bytes("leak.tar", tar_of("a.gz", content));
  EXPECT_THAT(three.problems, IsEmpty());
  EXPECT_EQ(three.find("leak.tar/a.gz.d/a")->content, mail(7));
  const Recorder four = walk_bytes("leak.tar", tar_of("a.gz", codec::gzip_of(content)));
  ASSERT_EQ(four.problems.size(), 1U);
  EXPECT_EQ(four.problems[0].kind, "filters");
  EXPECT_EQ(four.problems[0].source, "leak.tar/a.gz");
  EXPECT_EQ(four.find("leak.tar/last.eml")->content, mail(2));
}
TEST_F(Nested, DocumentsAreNotWalked) {
  for (const char* first :
       {"[Content_Types].xml", "mimetype", "_rels/.rels", "META-INF/", "xl/a"}) {
    const std::string document = zip::Archive()
                                     .add({.name = first, .content = "x"})
                                     .add({.name = "a.eml", .content = mail(7)})
                                     .whole();
    const Recorder found = walk_bytes("leak.tar", tar_of("a.zip", document));
    EXPECT_EQ(found.members.size(), 3U) << first;
    EXPECT_THAT(found.problems, IsEmpty());
  }
}
TEST_F(Nested, WhatOnlyLooksLikeAnArchiveIsAFile) {
  const std::string others[] = {
      "PK\3\4 is how a zip starts",
      "PK\3\4" + std::string(100, '\xff'),
      "\x1f\x8b is how gzip starts",
      "BZh9 is a name",
      codec::gzip_of("neither an archive nor mail"),
      codec::gzip_of(""),
      codec::xz_of(std::string(500'000, 'x')),
      "]" + std::string("\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0 garbage", 22),
      "\x1f\x9d\x90" + std::string(600, '\xff'),
      std::string(40'000, '\0'),
      // Empty archives hold nothing.
      zip::Archive().whole(),
      tar::end(),
      codec::gzip_of(tar::end()),
  };
  for (const std::string& other : others) {
    const Recorder found = walk_bytes("leak.tar", tar_of("x", other));
    EXPECT_THAT(found.paths(),
                ElementsAre("leak.tar/first.eml", "leak.tar/x", "leak.tar/last.eml"));
    EXPECT_THAT(found.problems, IsEmpty()) << found.problems[0].detail << other.substr(0, 20);
    EXPECT_EQ(found.members[1].content, other);
  }
}
TEST_F(Nested, MailThatCanBeReadInAnArchiveIsNotTakenForTheWhole) {
  const std::string stored = zip::Archive().add({.name = "a.eml", .content = mail(7)}).whole();
  const std::string mbox = "From a Mon Apr 24 08:22:05 2017\n" + mail(8);
  const std::string box = zip::Archive().add({.name = "a.mbox", .content = mbox}).whole();
  EXPECT_EQ(walk_bytes("leak.tar", tar_of("in", stored)).find("leak.tar/in.d/a.eml")->content,
            mail(7));
  EXPECT_EQ(walk_bytes("leak.gz", codec::gzip_of(box)).find("leak.gz/leak.d/a.mbox")->content,
            mbox);
  EXPECT_EQ(sniff(stored), Content::other);
  EXPECT_EQ(sniff(box), Content::other);
}
TEST_F(Nested, MailIsMailWhateverItHolds) {
  const std::string text = "From: a@example.org\nSubject: x\n\nPK\3\4" + std::string(600, 'x');
  EXPECT_THAT(walk_bytes("leak.tar", tar_of("x", text)).members, testing::SizeIs(3));
}
TEST_F(Nested, ATruncatedArchiveIsReportedAndReadAsFarAsItGoes) {
  const std::string zip = zip_of("b.eml", mail(7, 200'000));
  const Recorder cut = walk_bytes("leak.tar", tar_of("in.zip", zip.substr(0, 100'000)));
  EXPECT_EQ(cut.find("leak.tar/in.zip.d/first.eml")->content, mail(3));
  ASSERT_NE(problem(cut, "truncated"), nullptr);
  EXPECT_EQ(problem(cut, "truncated")->source, "leak.tar/in.zip");
  EXPECT_TRUE(cut.find("leak.tar/last.eml")->is_whole);

  const std::string gzip = codec::gzip_of(tar_of("b.eml", mail(7, 2'000'000)));
  const Recorder half = walk_bytes("leak.tar", tar_of("in.tgz", gzip.substr(0, gzip.size() / 2)));
  EXPECT_EQ(half.find("leak.tar/in.tgz.d/first.eml")->content, mail(1));
  EXPECT_FALSE(half.find("leak.tar/in.tgz.d/b.eml")->is_whole);
  EXPECT_TRUE(half.has_loss());

  const std::string seven = packed("in.7z", "a.eml", mail(7));
  const Recorder none = walk_bytes("leak.tar", tar_of("in.7z", seven.substr(0, seven.size() / 2)));
  ASSERT_EQ(none.problems.size(), 1U);
  EXPECT_EQ(none.problems[0].source, "leak.tar/in.7z");
}
TEST_F(Nested, ADirectoryThatPromisesTooMuchStaysWithinItsArchive) {
  std::string zip = zip::Archive().add({.name = "a.eml", .content = mail(7)}).whole();
  // Its length in the central directory and in front of the member.
  for (const std::size_t at : {zip.find("PK\3\4") + 18, zip.find("PK\1\2") + 20}) {
    zip.replace(at, 4, zip::le(100'000, 4));
  }
  const Recorder found = walk_bytes("leak.tar", tar_of("in.zip", zip));
  EXPECT_TRUE(found.has_loss());
  for (const StreamPlan& plan : found.streams) {
    EXPECT_TRUE(!plan.is_nested || plan.stored_length <= zip.size());
  }
}

}  // namespace
}  // namespace leakfs::archive
