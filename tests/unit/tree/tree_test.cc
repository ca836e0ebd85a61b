// SPDX-License-Identifier: GPL-3.0-or-later
// Goes through the whole tree of a small leak: what is listed is what is looked up and read.
#include "fs/tree/tree.h"

#include <cerrno>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "index/base/hex.h"
#include "index/crypto/digest.h"
#include "tests/unit/archive/tar_text.h"
#include "tests/unit/tree/opened_tree.h"

namespace leakfs::tree {
namespace {

std::string mail(const std::string& from, const std::string& subject, int day) {
  return fmt::format(
      "From: {}\nTo: bob@example.net\nSubject: {}\nDate: {} Apr 2017 08:22:05 +0000\n\nHello\n",
      from, subject, day);
}

class TreeOf : public OpenedTree {
 protected:
  void SetUp() override {
    namespace tar = archive::tar;
    std::string bytes;
    for (int i = 1; i <= 9; ++i) {
      messages_.push_back(mail(fmt::format("user{}@example.org", i % 3), "Budget", i));
      bytes += tar::member(fmt::format("inbox/{}.eml", i), messages_.back());
    }
    messages_.push_back(mail("", "no sender", 3));
    messages_.push_back("Subject: no date\nMessage-ID: <1@x>\n\n");
    bytes += tar::member("odd/a b\n.eml", messages_[9]) + tar::member("odd/c", messages_[10]);
    bytes += tar::member("again.eml", messages_[0]);
    messages_.push_back(mail("m@example.org", "in an mbox", 20));
    messages_.push_back(mail("n@example.org", "too", 21));
    bytes += tar::member("box", "From m Mon Apr 24 08:22:05 2017\n" + messages_[11] +
                                    "\nFrom n Mon Apr 24 08:22:05 2017\n" + messages_[12]);
    for (const int day : {1, 2}) {
      messages_.push_back(with_attachments("o@example.org", "Files", day,
                                           {{.name = "a.pdf", .body = "the same"},
                                            {.name = "b", .body = fmt::format("on day {}", day)}}));
      bytes += tar::member(fmt::format("files/{}", day), messages_.back());
    }
    bytes += tar::member("note.txt", "no mail") + tar::member("empty", "");
    bytes += tar::header({.name = "dir/", .type = '5'});
    bytes += tar::header({.name = "link", .type = '2', .link = "note.txt"});
    open(bytes);
  }

  std::vector<std::string> messages_;
};

TEST_F(TreeOf, WhatIsListedIsFoundByItsNameAndPath) {
  for (const Node& directory : directories()) {
    std::set<std::string> seen;
    for (const auto& [entry, cookie] : list(directory)) {
      EXPECT_TRUE(seen.insert(entry.name).second) << entry.name;
      const auto found = tree_->lookup(directory, entry.name);
      ASSERT_TRUE(found && *found) << entry.name;
      EXPECT_EQ((*found)->node, entry.node) << entry.name;
      EXPECT_EQ((*found)->attributes.size, entry.attributes.size) << entry.name;
      EXPECT_EQ(tree_->attributes(entry.node)->links, entry.attributes.links) << entry.name;
      EXPECT_EQ(decode(encode(entry.node)), entry.node);
    }
  }
  walk([&](const std::string& path, const DirectoryEntry& entry) {
    const auto found = tree_->find(path);
    ASSERT_TRUE(found && *found) << path;
    EXPECT_EQ((*found)->node, entry.node) << path;
  });
}
TEST_F(TreeOf, WhatIsNotListedIsNotFound) {
  for (const Node& directory : directories()) {
    std::set<std::string> listed;
    for (const std::string& name : names(list(directory))) listed.insert(name);
    std::set<std::string> near = {"",
                                  ".",
                                  "..",
                                  "/",
                                  "0",
                                  "zzz",
                                  "eml",
                                  "archive",
                                  ".txt",
                                  "1a2b3c4d5e6f7a8b.txt",
                                  std::string(300, 'n')};
    for (const std::string& name : listed) {
      near.insert({name + "x", name.substr(1), name.substr(0, name.size() - 1), "x" + name,
                   name + ".txt", name + "/"});
    }
    for (const std::string& name : near) {
      const auto found = tree_->lookup(directory, name);
      ASSERT_TRUE(found) << name;
      EXPECT_EQ(found->has_value(), listed.contains(name)) << name;
    }
  }
}
TEST_F(TreeOf, AListingGoesOnFromEachOfItsCookies) {
  for (const Node& directory : directories()) {
    const Listing whole = list(directory);
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_GT(whole[i].second, last);
      last = whole[i].second;
      const Listing rest = list(directory, last);
      ASSERT_EQ(rest.size(), whole.size() - i - 1);
      for (std::size_t j = 0; j < rest.size(); ++j) {
        EXPECT_EQ(rest[j].first.name, whole[i + 1 + j].first.name);
        EXPECT_EQ(rest[j].second, whole[i + 1 + j].second);
      }
      EXPECT_EQ(names(list(directory, 0, i)), names({whole.begin(), whole.begin() + i}));
    }
    EXPECT_TRUE(list(directory, last + 1).empty());
    EXPECT_TRUE(list(directory, UINT64_MAX).empty());
  }
}
TEST_F(TreeOf, AFolderHasALinkOfEachSubfolderAndAMessageOfEachFolder) {
  std::map<Inode, std::uint32_t> places;
  walk([&](const std::string&, const DirectoryEntry& entry) { ++places[encode(entry.node)]; });
  walk([&](const std::string& path, const DirectoryEntry& entry) {
    if (!entry.attributes.is_directory) {
      EXPECT_EQ(entry.attributes.links, places[encode(entry.node)]) << path;
      return;
    }
    std::uint32_t subfolders = 0;
    for (const auto& [child, cookie] : list(entry.node)) {
      if (child.attributes.is_directory) ++subfolders;
    }
    EXPECT_EQ(entry.attributes.links, 2 + subfolders) << path;
  });
}
TEST_F(TreeOf, AFileHasAsManyBytesAsItSays) {
  walk([&](const std::string& path, const DirectoryEntry& entry) {
    if (entry.attributes.is_directory) return;
    const std::uint64_t size = entry.attributes.size;
    const auto whole = tree_->read(entry.node, {.offset = 0, .length = 1 << 20});
    ASSERT_TRUE(whole) << path << ": " << whole.error().text;
    EXPECT_EQ(whole->size(), size) << path;
    EXPECT_EQ(tree_->read(entry.node, {.offset = size, .length = 10}), "") << path;
    EXPECT_EQ(tree_->read(entry.node, {.offset = UINT64_MAX, .length = 10}), "") << path;
    for (std::uint64_t at = 0; at < size; at += 37) {
      EXPECT_EQ(tree_->read(entry.node, {.offset = at, .length = 37}), whole->substr(at, 37))
          << path;
    }
  });
}
TEST_F(TreeOf, EachMessageIsThereOnceWithItsBytesAndItsHash) {
  std::multiset<std::string> found;
  walk([&](const std::string& path, const DirectoryEntry& entry) {
    if (!path.starts_with("/eml/by-id/") || entry.attributes.is_directory) return;
    const auto bytes = tree_->read(entry.node, {.offset = 0, .length = 1 << 20});
    EXPECT_EQ(entry.name, to_hex(crypto::sha256(*bytes).bytes()).substr(0, 16) + ".eml");
    found.insert(*bytes);
  });
  EXPECT_EQ(found, std::multiset<std::string>(messages_.begin(), messages_.end()));
}
TEST_F(TreeOf, AFolderCannotBeReadNorAFileListed) {
  EXPECT_EQ(tree_->read({}, {.offset = 0, .length = 1}).error().number, EISDIR);
  EXPECT_TRUE(list({.kind = Kind::message_text}).empty());
  EXPECT_FALSE(tree_->find("/README.txt/x")->has_value());
}
// A number may come from a kernel that remembers another index.
TEST_F(TreeOf, ANodeThatIsNotThereIsAnError) {
  for (const Kind kind : {Kind::folder_text, Kind::folder_eml, Kind::message_text,
                          Kind::message_eml, Kind::attachment, Kind::entry, Kind::file}) {
    EXPECT_EQ(tree_->attributes({.kind = kind, .number = 99'999}).error().number, ENOENT);
    EXPECT_FALSE(tree_->read({.kind = kind, .number = 99'999}, {.offset = 0, .length = 1}));
  }
}

}  // namespace
}  // namespace leakfs::tree
