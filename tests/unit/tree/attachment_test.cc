// SPDX-License-Identifier: GPL-3.0-or-later
// Attachments in the tree, with names and contents that are meant to confuse it.
#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/base/hex.h"
#include "index/crypto/digest.h"
#include "index/mail/transfer.h"
#include "tests/unit/archive/zip_text.h"
#include "tests/unit/tree/opened_tree.h"

namespace leakfs::tree {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

std::string id_of(const std::string& message) {
  return to_hex(crypto::sha256(message).bytes()).substr(0, 16);
}

std::string bytes_of_size(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 + i / 7);
  return bytes;
}

std::string in_lines(Bytes decoded, std::size_t line_size) {
  const std::string code = mail::encode_base64(decoded);
  std::string lines;
  for (std::size_t at = 0; at < code.size(); at += line_size) {
    lines += code.substr(at, line_size) + '\n';
  }
  return lines;
}

class AttachmentsOf : public OpenedTree {
 protected:
  void open_messages(const std::vector<std::string>& messages) {
    std::string members;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      members += archive::tar::member(fmt::format("{}.eml", i), messages[i]);
    }
    open(members);
  }
  Listing listing(const std::string& path) const {
    const auto folder = tree_->find(path);
    if (!folder || !*folder) {
      ADD_FAILURE() << path;
      return {};
    }
    return list((*folder)->node);
  }
  std::string read(const Node& node,
                   content::Window window = {.offset = 0, .length = 1 << 20}) const {
    const Result<ByteString> bytes = tree_->read(node, window);
    EXPECT_TRUE(bytes) << bytes.error().text;
    return bytes ? *bytes : "";
  }
};

TEST_F(AttachmentsOf, AreInTheFoldersOfTheirMessageAndOfTheirType) {
  const std::string message =
      with_attachments("Alice@example.org", "Budget", 3, {{.name = "a b.PDF", .body = "one"}});
  open_messages({message});
  const std::string name =
      "2017-04-03_08.22.05_alice@example.org_Budget_" + id_of(message) + "_2_a-b.PDF";
  for (const char* path :
       {"attachments/by-date/2017/04/03", "attachments/by-sender/alice@example.org",
        "attachments/by-status/unverified/unsigned/2017-04", "attachments/by-type/pdf"}) {
    EXPECT_THAT(names(listing(path)), ElementsAre(name)) << path;
    const auto file = tree_->find(std::string(path) + "/" + name);
    ASSERT_TRUE(file && *file) << path;
    EXPECT_EQ(read((*file)->node), "one");
    EXPECT_EQ((*file)->attributes.size, 3U);
    EXPECT_EQ((*file)->attributes.links, 4U);
    EXPECT_EQ((*file)->attributes.mtime, 1491207725);
  }
}
TEST_F(AttachmentsOf, OnlyFoldersThatHoldSomeAreThereAndTheViews) {
  open_messages({"From: a@example.org\nDate: 1 Apr 2017 08:22:05 +0000\n\nno attachment\n",
                 with_attachments("b@example.org", "One", 2, {{.name = "x", .body = "y"}})});
  EXPECT_THAT(names(listing("by-sender")), ElementsAre("a@example.org", "b@example.org"));
  EXPECT_THAT(names(listing("attachments/by-sender")), ElementsAre("b@example.org"));
  EXPECT_THAT(names(listing("attachments/by-date/2017/04")), ElementsAre("02"));
}
TEST_F(AttachmentsOf, ALeakWithoutAnyHasTheViews) {
  open_messages({"From: a@example.org\n\nno attachment\n"});
  EXPECT_THAT(names(listing("attachments")),
              ElementsAre("by-date", "by-sender", "by-status", "by-type"));
  EXPECT_TRUE(listing("attachments/by-type").empty());
  EXPECT_EQ((*tree_->find("attachments"))->attributes.links, 6U);
}
TEST_F(AttachmentsOf, TypesAreExtensionsInLowerCase) {
  open_messages({with_attachments("a@example.org", "Types", 1,
                                  {{.name = "a.PDF", .body = "1"},
                                   {.name = "b.tar.gz", .body = "2"},
                                   {.name = "README", .body = "3"},
                                   {.name = "ends in a dot.", .body = "4"},
                                   {.name = "a.longer-than-any-extension", .body = "5"},
                                   {.name = "", .body = "6", .type = "image/png"},
                                   {.name = "../../etc/x.-rf", .body = "7"},
                                   {.name = ".profile", .body = "8"},
                                   {.name = "=?UTF-8?Q?a.=C3=89T=C3=89?=", .body = "9"},
                                   {.name = "a.~1~", .body = "10"}})});
  EXPECT_THAT(names(listing("attachments/by-type")),
              ElementsAre("1~", "gz", "none", "pdf", "png", "rf", "été"));
}

TEST_F(AttachmentsOf, TheSameContentIsOneFileWithALinkForEachPlace) {
  const std::string content = bytes_of_size(100);
  const std::string code = in_lines(content, 60);
  open_messages({with_attachments("a@example.org", "First", 9,
                                  {{.name = "a.pdf", .body = code, .encoding = "base64"}}),
                 with_attachments(
                     "b@example.org", "Second", 2,
                     {{.name = "other", .body = "other"},
                      {.name = "b.PDF", .body = in_lines(content, 20) + "\n", .encoding = "BASE64"},
                      {.name = "c.doc", .body = "x" + code, .encoding = "base64"}}),
                 with_attachments("a@example.org", "Third", 9,
                                  {{.name = "a.pdf", .body = code, .encoding = "base64"}})});
  std::map<std::string, std::set<Inode>> inodes;
  std::map<Inode, std::uint32_t> places;
  walk([&](const std::string& path, const DirectoryEntry& entry) {
    if (!path.starts_with("/attachments/") || entry.attributes.is_directory) return;
    inodes[read(entry.node)].insert(encode(entry.node));
    ++places[encode(entry.node)];
  });
  ASSERT_EQ(inodes.size(), 3U);
  for (const auto& [bytes, numbers] : inodes) EXPECT_EQ(numbers.size(), 1U) << bytes.size();
  ASSERT_TRUE(inodes.contains(content));
  const Inode shared = *inodes[content].begin();
  EXPECT_EQ(places[shared], 12U);  // three times four folders
  walk([&](const std::string& path, const DirectoryEntry& entry) {
    if (encode(entry.node) != shared) return;
    EXPECT_EQ(entry.attributes.links, 12U) << path;
    EXPECT_EQ(entry.attributes.size, content.size()) << path;
    EXPECT_EQ(entry.attributes.mtime, 1491726125) << path;  // of the first in the archive
  });
  EXPECT_EQ(tree_->attributes(*decode(shared))->links, 12U);
  // A message has text, bytes and evidence; archive/ has itself, the leak and its members.
  EXPECT_EQ(tree_->file_count(), 3U * 3 + 2 + 3 + 3);
}
TEST_F(AttachmentsOf, EmptyContentIsAFileToo) {
  open_messages({with_attachments("a@example.org", "Empty", 1,
                                  {{.name = "a", .body = "", .encoding = "base64"},
                                   {.name = "b", .body = "=\n", .encoding = "quoted-printable"}})});
  const Listing files = listing("attachments/by-type/none");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].first.node, files[1].first.node);
  EXPECT_EQ(files[0].first.attributes.size, 0U);
  EXPECT_EQ(read(files[0].first.node), "");
}

// A name is a subject, an id, a number and a file name; three of them are the sender's.
TEST_F(AttachmentsOf, NamesThatLookLikeOthersAreFound) {
  const std::string plain =
      with_attachments("a@example.org", "Plain", 1, {{.name = "x", .body = "plain"}});
  const std::string id = id_of(plain);
  std::vector<std::string> messages = {plain};
  const std::vector<std::string> texts = {
      id,         id + "_2_x", "_2_x",         "x_2_" + id, id + "_2_x_" + id + "_2_x",
      id + "-2",  "1_2_3_4",   "_" + id + "_", id + "_2_",  "0123456789abcdef_2_y",
      "_3_" + id, id + "_02_x"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<File> files;
    for (const std::string& name : texts) files.push_back({.name = name, .body = texts[i] + name});
    messages.push_back(with_attachments("a@example.org", texts[i], 1, files));
  }
  open_messages(messages);
  std::size_t found = 0;
  for (const char* path : {"attachments/by-date/2017/04/01", "attachments/by-type/none",
                           "attachments/by-sender/a@example.org"}) {
    const auto folder = tree_->find(path);
    ASSERT_TRUE(folder && *folder);
    std::set<std::string> seen;
    for (const auto& [entry, cookie] : list((*folder)->node)) {
      EXPECT_TRUE(seen.insert(entry.name).second) << entry.name;
      EXPECT_LE(entry.name.size(), 255U);
      const auto again = tree_->lookup((*folder)->node, entry.name);
      ASSERT_TRUE(again && *again) << entry.name;
      EXPECT_EQ((*again)->node, entry.node) << entry.name;
      ++found;
    }
    for (const std::string& text : texts) {
      EXPECT_FALSE(tree_->lookup((*folder)->node, text)->has_value()) << text;
      EXPECT_FALSE(tree_->lookup((*folder)->node, text + "_2_x")->has_value()) << text;
    }
  }
  EXPECT_EQ(found, 3 * (1 + texts.size() * texts.size()));
}
TEST_F(AttachmentsOf, AnAttachmentIsOnlyWhereItIs) {
  const std::string message = with_attachments(
      "a@example.org", "Two", 1, {{.name = "a.pdf", .body = "1"}, {.name = "b.doc", .body = "2"}});
  open_messages({message});
  const std::string name = "2017-04-01_08.22.05_a@example.org_Two_" + id_of(message);
  EXPECT_TRUE(tree_->find("attachments/by-type/pdf/" + name + "_2_a.pdf")->has_value());
  EXPECT_TRUE(tree_->find("attachments/by-type/doc/" + name + "_3_b.doc")->has_value());
  for (const char* other : {"_3_b.doc", "_3_a.pdf", "_02_a.pdf", "_2_A.pdf", "_2_", "", ".txt"}) {
    EXPECT_FALSE(tree_->find("attachments/by-type/pdf/" + name + other)->has_value()) << other;
  }
  EXPECT_FALSE(tree_->find("by-date/2017/04/01/" + name + "_2_a.pdf")->has_value());
  EXPECT_FALSE(tree_->find("attachments/by-date/2017/04/01/" + name + ".txt")->has_value());
  EXPECT_FALSE(tree_->find("eml/attachments")->has_value());
}
TEST_F(AttachmentsOf, TheLongestNameIsAName) {
  open_messages({with_attachments("a@example.org", "=?UTF-8?Q?" + std::string(200, 's') + "?=", 1,
                                  {{.name = std::string(300, 'n') + ".extension", .body = "x"}})});
  const Listing files = listing("attachments/by-type/extension");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_THAT(files[0].first.name, EndsWith("n.extension"));
  EXPECT_EQ(files[0].first.name.size(), 160U + 3 + 80);
}

// From an archive that is read where it lies, one that is decompressed and one that is copied.
class AttachmentBytes : public AttachmentsOf, public testing::WithParamInterface<const char*> {
 protected:
  // Indexes the content as the one member of the leak.
  void open_member(const std::string& content) {
    const std::string tar = archive::tar::member("member", content) + archive::tar::end();
    if (GetParam() == std::string("zip")) {
      archive::zip::Archive zip;
      zip.add({.name = "member", .content = content, .is_deflated = true});
      return open_file("leak.zip", zip.whole());
    }
    if (GetParam() == std::string("tar")) return open_file("leak.tar", tar);
    using archive::zip::le;
    open_file("leak.tar.gz", std::string("\x1f\x8b\b\0\0\0\0\0\0\3", 10) +
                                 archive::zip::deflated(tar) + le(archive::zip::crc32(tar), 4) +
                                 le(tar.size(), 4));
  }
  // Every attachment by its part's number.
  std::map<std::string, Node> attachments() const {
    std::map<std::string, Node> found;
    for (const auto& [type, cookie] : listing("attachments/by-type")) {
      for (const auto& [entry, at] : list(type.node)) {
        found[entry.name.substr(entry.name.rfind('_') + 1)] = entry.node;
      }
    }
    return found;
  }
  void expect_bytes(const Node& node, const std::string& expected, const std::string& about) const {
    EXPECT_EQ(tree_->attributes(node)->size, expected.size()) << about;
    ASSERT_EQ(read(node), expected) << about;
    for (std::size_t at = 0; at <= expected.size() + 3; at += 61) {
      for (const std::size_t length : {1, 2, 3, 4, 100, 5000}) {
        EXPECT_EQ(read(node, {.offset = at, .length = length}),
                  at < expected.size() ? expected.substr(at, length) : "")
            << about << " at " << at;
      }
    }
  }
};

TEST_P(AttachmentBytes, AreDecodedWhateverTheirEncoding) {
  const std::string bytes = bytes_of_size(2000);
  const std::string code = in_lines(bytes, 76);
  std::string uu = "begin 644 cat.txt\n";
  for (int line = 0; line < 50; ++line) uu += "#0V%T\n";
  std::string cats;
  for (int line = 0; line < 50; ++line) cats += "Cat";
  std::string words = "d=C3=A9j=C3=A0 =\nvu ";
  for (int line = 0; line < 9; ++line) words += words.size() < 4000 ? words : "";
  open_member(with_attachments(
      "a@example.org", "Encodings", 1,
      {{.name = "regular", .body = code, .encoding = "base64"},
       {.name = "irregular", .body = "\n" + code + "=\n-- \nA footer", .encoding = "base64"},
       {.name = "quoted", .body = words, .encoding = "quoted-printable"},
       {.name = "uu", .body = uu + "`\nend", .encoding = "x-uuencode"},
       {.name = "plain", .body = words + words, .encoding = "7bit"},
       {.name = "odd", .body = words, .encoding = "x-unknown"}}));
  const std::map<std::string, Node> found = attachments();
  ASSERT_EQ(found.size(), 6U);
  using enum mail::TransferEncoding;
  expect_bytes(found.at("regular"), bytes, "regular");
  expect_bytes(found.at("irregular"), mail::decode_base64("\n" + code + "=\n-- \nA footer"),
               "irregular");
  expect_bytes(found.at("quoted"), mail::decode_transfer(words, quoted_printable), "quoted");
  expect_bytes(found.at("uu"), cats, "uu");
  expect_bytes(found.at("plain"), words + words, "plain");
  expect_bytes(found.at("odd"), words, "odd");
}
TEST_P(AttachmentBytes, OfAttachedMessagesAndOfAnMboxAreThoseOfTheirPlace) {
  const std::string bytes = bytes_of_size(500);
  const File file{.name = "inner.bin", .body = in_lines(bytes, 60), .encoding = "base64"};
  const std::string inner = with_attachments("b@example.org", "Inner", 1, {file});
  const std::string outer =
      "From: a@example.org\nDate: 2 Apr 2017 08:22:05 +0000\n"
      "Content-Type: multipart/mixed; boundary=outer\n\n"
      "--outer\nContent-Type: message/rfc822\n\n" +
      inner + "\n--outer\nContent-Type: image/png; name=outer.png\n\nPNG\n--outer--\n";
  open_member(
      "From m Mon Apr 24 08:22:05 2017\nFrom: m@example.org\n\nfirst\n\n"
      "From n Mon Apr 24 08:22:05 2017\n" +
      outer);
  const std::map<std::string, Node> found = attachments();
  ASSERT_EQ(found.size(), 2U);
  expect_bytes(found.at("inner.bin"), bytes, "inner");
  expect_bytes(found.at("outer.png"), "PNG", "outer");
}

INSTANTIATE_TEST_SUITE_P(OfA, AttachmentBytes, testing::Values("tar", "zip", "gzip"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace leakfs::tree
