// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of a leak that a test writes down, and mails with attachments to put in it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fs/content/inputs.h"
#include "fs/tree/tree.h"
#include "index/build/build.h"
#include "tests/unit/archive/tar_text.h"
#include "tests/unit/scratch.h"

namespace leakfs::tree {

struct File {
  std::string name;
  std::string body;  // encoded
  std::string encoding = "8bit";
  std::string type = "application/octet-stream";
};

// A mail of April 2017. Its text is part 1, the files are parts 2 and up.
inline std::string with_attachments(const std::string& from, const std::string& subject, int day,
                                    const std::vector<File>& files) {
  std::string mail = fmt::format(
      "From: {}\nTo: bob@example.net\nSubject: {}\nDate: {} Apr 2017 08:22:05 +0000\n"
      "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bound\n\n"
      "--bound\nContent-Type: text/plain\n\nHello\n",
      from, subject, day);
  for (const File& file : files) {
    mail += fmt::format(
        "--bound\nContent-Type: {}\nContent-Disposition: attachment; filename=\"{}\"\n"
        "Content-Transfer-Encoding: {}\n\n{}\n",
        file.type, file.name, file.encoding, file.body);
  }
  return mail + "--bound--\n";
}

class OpenedTree : public testing::Test {
 protected:
  // Indexes and opens a tar of these members.
  void open(const std::string& members) { open_file("leak.tar", members + archive::tar::end()); }
  void open_file(const std::string& name, Bytes bytes) {
    struct Quiet final : build::ProgressListener {
      void update(const build::Progress&) override {}
      void warn(const std::string& text) override { ADD_FAILURE() << text; }
    };
    const std::string index = scratch_.path("leak.leakidx");
    Quiet quiet;
    const auto outcome =
        build::build_index({.inputs = {scratch_.write(name, bytes)}, .output = index}, quiet);
    ASSERT_TRUE(outcome) << outcome.error().text;
    Result<store::Snapshot> snapshot = store::Snapshot::open(index);
    ASSERT_TRUE(snapshot);
    index_.emplace(std::move(*snapshot));
    const Result<void> checked = index_->check();
    ASSERT_TRUE(checked) << checked.error().text;
    Result<content::Inputs> inputs = content::open_inputs(*index_, index, {});
    ASSERT_TRUE(inputs) << inputs.error().text;
    content_.emplace(*index_, std::move(inputs->source), 1 << 20);
    tree_.emplace(*index_, *content_);
  }

  using Listing = std::vector<std::pair<DirectoryEntry, std::uint64_t>>;
  Listing list(const Node& directory, std::uint64_t cookie = 0,
               std::size_t count = SIZE_MAX) const {
    Listing listing;
    EXPECT_TRUE(tree_->list(directory, cookie, [&](const DirectoryEntry& entry, std::uint64_t at) {
      if (listing.size() == count) return false;
      listing.emplace_back(entry, at);
      return true;
    }));
    return listing;
  }

  // Calls `visit` for everything below the directory, with its path.
  using Visit = std::function<void(const std::string& path, const DirectoryEntry& entry)>;
  void walk(const Visit& visit, const std::string& path = "", const Node& directory = {}) const {
    for (const auto& [entry, cookie] : list(directory)) {
      const std::string below = path + "/" + entry.name;
      visit(below, entry);
      if (entry.attributes.is_directory) walk(visit, below, entry.node);
    }
  }
  std::vector<Node> directories() const {
    std::vector<Node> found = {{}};
    walk([&](const std::string&, const DirectoryEntry& entry) {
      if (entry.attributes.is_directory) found.push_back(entry.node);
    });
    return found;
  }

  static std::vector<std::string> names(const Listing& listing) {
    std::vector<std::string> all;
    for (const auto& [entry, cookie] : listing) all.push_back(entry.name);
    return all;
  }

  Scratch scratch_;
  std::optional<store::Snapshot> index_;
  std::optional<content::Content> content_;
  std::optional<Tree> tree_;
};

}  // namespace leakfs::tree
