// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/mbox.h"

#include <vector>

#include <gtest/gtest.h>

namespace leakfs::archive {
namespace {

struct Found final : MboxVisitor {
  Result<void> begin_message(std::uint64_t offset, Bytes from_line) override {
    offsets.push_back(offset);
    from_lines.emplace_back(from_line);
    messages.emplace_back();
    return {};
  }
  Result<void> message_data(Bytes bytes) override {
    messages.back() += bytes;
    return {};
  }
  Result<void> end_message() override {
    ++ended;
    return {};
  }
  Result<void> junk(std::uint64_t offset, std::uint64_t length) override {
    EXPECT_EQ(offset, 0U);
    junk_length += length;
    return {};
  }

  std::vector<std::uint64_t> offsets;
  std::vector<std::string> from_lines;
  std::vector<std::string> messages;
  std::size_t ended = 0;
  std::uint64_t junk_length = 0;
};

// Splits it whole and in every cut of one size; all have to agree.
Found split(const std::string& mbox) {
  Found whole;
  MboxSplitter splitter(whole);
  EXPECT_TRUE(splitter.add(mbox));
  EXPECT_TRUE(splitter.finish());
  EXPECT_EQ(whole.ended, whole.messages.size());
  for (std::size_t size = 1; size < 12; ++size) {
    Found pieces;
    MboxSplitter other(pieces);
    for (std::size_t at = 0; at < mbox.size(); at += size) {
      EXPECT_TRUE(other.add(Bytes(mbox).substr(at, size)));
    }
    EXPECT_TRUE(other.finish());
    EXPECT_EQ(pieces.messages, whole.messages) << "in pieces of " << size;
    EXPECT_EQ(pieces.offsets, whole.offsets);
  }
  return whole;
}

constexpr std::string_view from_a = "From a@example.org Mon Apr 24 08:22:05 2017\n";
constexpr std::string_view from_b = "From b Tue Apr 25 9:00:00 2017 +0200\r\n";
using Messages = std::vector<std::string>;

TEST(Mbox, TheEmptyLineBeforeASeparatorBelongsToIt) {
  const Found found = split(std::string(from_a) + "A: 1\n\none\n\n" + std::string(from_b) +
                            "B: 2\r\n\r\ntwo\r\n\r\n");
  EXPECT_EQ(found.messages, (Messages{"A: 1\n\none\n", "B: 2\r\n\r\ntwo\r\n"}));
  EXPECT_EQ(found.offsets[0], from_a.size());
  EXPECT_EQ(found.from_lines[1], from_b.substr(0, from_b.size() - 2));
}
TEST(Mbox, OnlyOneEmptyLineIsASeparators) {
  EXPECT_EQ(
      split(std::string(from_a) + "A: 1\n\none\n\n\n" + std::string(from_b) + "B: 2\n\n").messages,
      (Messages{"A: 1\n\none\n\n", "B: 2\n"}));
}
TEST(Mbox, AFromInTheTextIsText) {
  const std::string text = "A: 1\n\nFrom here on\n\nFrom now to 2017\nx\n";
  EXPECT_EQ(split(std::string(from_a) + text).messages, Messages{text});
}
TEST(Mbox, AFromLineNeedsAnEmptyLineBefore) {
  EXPECT_EQ(split(std::string(from_a) + "A: 1\n\none\n" + std::string(from_b)).messages,
            (Messages{"A: 1\n\none\n" + std::string(from_b)}));
}
TEST(Mbox, QuotedFromLinesStayAsStored) {
  EXPECT_EQ(split(std::string(from_a) + "A: 1\n\n>From a Mon Apr 24 08:22:05 2017\n").messages,
            (Messages{"A: 1\n\n>From a Mon Apr 24 08:22:05 2017\n"}));
}
TEST(Mbox, ALastLineWithoutEndIsKept) {
  EXPECT_EQ(split(std::string(from_a) + "A: 1\n\none").messages, Messages{"A: 1\n\none"});
}
TEST(Mbox, WhatComesBeforeTheFirstSeparatorIsReported) {
  const Found found = split("noise\n\n" + std::string(from_a) + "A: 1\n");
  EXPECT_EQ(found.messages, Messages{"A: 1\n"});
  EXPECT_EQ(found.junk_length, 7U);
}
TEST(Mbox, ALineOfAMegabyteIsNoSeparator) {
  const std::string line(1 << 20, 'x');
  Found found;
  MboxSplitter splitter(found);
  ASSERT_TRUE(splitter.add(std::string(from_a) + "A: 1\n\nFrom " + line + "\n"));
  ASSERT_TRUE(splitter.finish());
  EXPECT_EQ(found.messages.size(), 1U);
}

}  // namespace
}  // namespace leakfs::archive
