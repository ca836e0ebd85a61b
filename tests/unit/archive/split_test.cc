// SPDX-License-Identifier: GPL-3.0-or-later
// What MboxSplitter promises of any mbox: the cut in which it is fed does not matter, and each byte
// is a From_ line's, a message's, the one empty line's before a From_ line, or junk at the start.
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "index/archive/mbox.h"

namespace leakfs::archive {
namespace {

struct Message {
  std::uint64_t offset = 0;
  std::string from_line;
  std::string bytes;
  friend bool operator==(const Message&, const Message&) = default;
};

class Log final : public MboxVisitor {
 public:
  Result<void> begin_message(std::uint64_t offset, Bytes from_line) override {
    EXPECT_FALSE(is_open_);
    is_open_ = true;
    messages.push_back({offset, std::string(from_line), {}});
    return {};
  }
  Result<void> message_data(Bytes bytes) override {
    EXPECT_TRUE(is_open_);
    messages.back().bytes += bytes;
    return {};
  }
  Result<void> end_message() override {
    EXPECT_TRUE(is_open_);
    is_open_ = false;
    return {};
  }
  Result<void> junk(std::uint64_t offset, std::uint64_t length) override {
    EXPECT_EQ(offset, 0U);
    EXPECT_EQ(junk_length, 0U);
    junk_length = length;
    return {};
  }
  bool is_ended() const { return !is_open_; }

  std::vector<Message> messages;
  std::uint64_t junk_length = 0;

 private:
  bool is_open_ = false;
};

// Feeds the pieces that end at `cuts` (ascending), and the rest.
Log split(Bytes mbox, const std::vector<std::size_t>& cuts) {
  Log log;
  MboxSplitter splitter(log);
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    EXPECT_TRUE(splitter.add(mbox.substr(at, cut - at)));
    at = cut;
  }
  EXPECT_TRUE(splitter.add(mbox.substr(at)));
  EXPECT_TRUE(splitter.finish());
  EXPECT_TRUE(log.is_ended());
  return log;
}

bool is_one_empty_line_or_none(Bytes bytes) {
  return bytes.empty() || bytes == "\n" || bytes == "\r\n";
}

// `separator` is what lies between two messages, or before the first.
void expect_separator(Bytes separator, const std::string& from_line) {
  EXPECT_TRUE(from_line.starts_with("From "));
  const std::size_t at = separator.find(from_line);
  ASSERT_NE(at, Bytes::npos) << separator;
  EXPECT_TRUE(is_one_empty_line_or_none(separator.substr(0, at))) << separator;
  EXPECT_EQ(separator.find_first_not_of("\r\n", at + from_line.size()), Bytes::npos) << separator;
}

void expect_every_byte_accounted_for(Bytes mbox, const Log& log) {
  std::uint64_t at = log.junk_length;
  for (const Message& message : log.messages) {
    ASSERT_GE(message.offset, at);
    expect_separator(mbox.substr(at, message.offset - at), message.from_line);
    EXPECT_EQ(mbox.substr(message.offset, message.bytes.size()), message.bytes);
    at = message.offset + message.bytes.size();
  }
  EXPECT_TRUE(is_one_empty_line_or_none(mbox.substr(at))) << mbox.substr(at);
}

std::string random_mbox(std::mt19937& random) {
  constexpr const char* pieces[] = {"From a Mon Apr 24 08:22:05 2017",
                                    "From b@x 9:00 2016",
                                    "From here on",
                                    "From ",
                                    "Fro",
                                    "F",
                                    ">From a Mon Apr 24 08:22:05 2017",
                                    "A: 1",
                                    " ",
                                    "\t",
                                    "\r",
                                    "\n",
                                    "\n",
                                    "\n",
                                    "\n\n",
                                    "\r\n",
                                    "\r\n\r\n",
                                    "x"};
  std::string mbox;
  for (int i = 0; i < 24; ++i) mbox += pieces[random() % std::size(pieces)];
  return mbox;
}

TEST(MboxSplit, EveryCutGivesTheSameAndEveryByteIsAccountedFor) {
  // NOLINTNEXTLINE(cert-msc32-c,cert-msc51-cpp): the same mboxes in every run
  std::mt19937 random(2017);
  for (int round = 0; round < 300; ++round) {
    const std::string mbox = random_mbox(random);
    const Log whole = split(mbox, {});
    expect_every_byte_accounted_for(mbox, whole);
    std::vector<std::size_t> every_byte;
    for (std::size_t cut = 1; cut < mbox.size(); ++cut) {
      every_byte.push_back(cut);
      const Log halves = split(mbox, {cut});
      ASSERT_EQ(halves.messages, whole.messages) << "cut at " << cut << " of:\n" << mbox;
      ASSERT_EQ(halves.junk_length, whole.junk_length) << "cut at " << cut << " of:\n" << mbox;
    }
    ASSERT_EQ(split(mbox, every_byte).messages, whole.messages) << mbox;
  }
}

// At the limit of a From_ line's length, and beyond.
TEST(MboxSplit, ALongFromLineIsOneInEveryCutOrNone) {
  constexpr std::string_view start = "From a Mon Apr 24 08:22:05 2017 ";
  for (const std::string_view line_end : {"\n", "\r\n", "\r\r\n", "\r\r\r\r\n"}) {
    for (std::size_t size = from_line_size_max - 3; size <= from_line_size_max + 3; ++size) {
      std::string mbox(start);
      mbox.resize(size, 'x');
      mbox.append(line_end).append("A: 1\n");
      const Log whole = split(mbox, {});
      expect_every_byte_accounted_for(mbox, whole);
      EXPECT_TRUE(line_end != "\n" ||
                  whole.messages.size() == (size <= from_line_size_max ? 1U : 0U));
      for (std::size_t cut = from_line_size_max - 4; cut < mbox.size(); ++cut) {
        EXPECT_TRUE(split(mbox, {cut}).messages == whole.messages) << size << ", cut at " << cut;
      }
    }
  }
}

}  // namespace
}  // namespace leakfs::archive
