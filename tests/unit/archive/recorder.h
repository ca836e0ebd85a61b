// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps what a walk tells, for the tests, and reads it again as the file system will.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "index/archive/source.h"
#include "index/archive/walk.h"
#include "index/archive/zip_entry.h"
#include "tests/unit/scratch.h"

namespace leakfs::archive {

struct FoundMember {
  Member member;
  ByteString content;
  std::vector<Extent> extents;
  bool is_ended = false;
  bool is_whole = false;
};

class Recorder final : public Visitor {
 public:
  Result<void> begin_stream(const StreamPlan& plan) override {
    EXPECT_TRUE(!plan.is_nested || plan.input < streams.size());
    streams.push_back(plan);
    streams.back().length = 0;
    copies.emplace_back();
    return {};
  }
  Result<void> stream_data(StreamId stream, Bytes bytes) override {
    EXPECT_EQ(streams.at(stream.raw).kind, StreamKind::copied);
    EXPECT_FALSE(ended.contains(stream));
    copies.at(stream.raw) += bytes;
    return {};
  }
  Result<void> end_stream(StreamId stream) override {
    EXPECT_EQ(streams.at(stream.raw).kind, StreamKind::copied);
    EXPECT_TRUE(ended.insert(stream).second);
    return {};
  }
  Result<void> restart_point(StreamId stream, codec::RestartPoint point) override {
    EXPECT_NE(streams.at(stream.raw).kind, StreamKind::copied);
    EXPECT_GT(point.offset, points[stream.raw].empty() ? 0 : points[stream.raw].back().offset);
    points[stream.raw].push_back(std::move(point));
    return {};
  }
  Result<void> block_sums(const SumGroup& group) override {
    StreamPlan& plan = streams.at(group.stream.raw);
    EXPECT_NE(plan.kind, StreamKind::copied);
    EXPECT_EQ(group.offset, summed[group.stream.raw]) << "a gap in the checksums";
    EXPECT_EQ(group.sums.size() / 16, (group.length + sum_block_size - 1) / sum_block_size);
    summed[group.stream.raw] += group.length;
    plan.length = std::max(plan.length, group.offset + group.length);
    sums[group.stream.raw].push_back(group);
    return {};
  }
  Result<void> begin_member(const Member& member) override {
    EXPECT_TRUE(members.empty() || members.back().is_ended);
    members.push_back({.member = member});
    return {};
  }
  Result<void> member_data(const Extent& at, Bytes bytes) override {
    FoundMember& member = members.back();
    EXPECT_EQ(at.length, bytes.size());
    if (!member.extents.empty()) {
      const Extent& last = member.extents.back();
      EXPECT_EQ(at.stream, last.stream) << member.member.path;
      EXPECT_EQ(at.offset, last.offset + last.length) << member.member.path;
    }
    if (streams.at(at.stream.raw).kind == StreamKind::copied) {
      EXPECT_GE(copies.at(at.stream.raw).size(), at.offset + at.length);
    }
    StreamPlan& plan = streams.at(at.stream.raw);
    plan.length = std::max(plan.length, at.offset + at.length);
    member.extents.push_back(at);
    member.content += bytes;
    return {};
  }
  Result<void> end_member(bool is_whole) override {
    members.back().is_ended = true;
    members.back().is_whole = is_whole;
    return {};
  }
  void problem(Problem found) override { problems.push_back(std::move(found)); }
  void progress(std::uint64_t input_bytes) override {
    EXPECT_GE(input_bytes, last_progress) << "progress goes back";
    last_progress = input_bytes;
  }

  const FoundMember* find(const std::string& path) const {
    const auto found =
        std::ranges::find(members, path, [](const FoundMember& m) { return m.member.path; });
    return found == members.end() ? nullptr : &*found;
  }
  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const FoundMember& member : members) all.push_back(member.member.path);
    return all;
  }
  bool has_loss() const { return std::ranges::any_of(problems, &Problem::is_loss); }

  std::vector<StreamPlan> streams;
  std::vector<ByteString> copies;  // of copied streams
  std::set<StreamId> ended;
  std::map<std::uint32_t, std::vector<codec::RestartPoint>> points;
  std::map<std::uint32_t, std::vector<SumGroup>> sums;
  std::map<std::uint32_t, std::uint64_t> summed;  // bytes of each stream that have a checksum
  std::vector<FoundMember> members;
  std::vector<Problem> problems;
  std::uint64_t last_progress = 0;
};

Result<ByteString> read_again(const Recorder& found, const Source& source, const Extent& extent);

// The bytes of a stream, in which another lies.
class StreamInput final : public codec::Input {
 public:
  StreamInput(const Recorder& found, const Source& source, StreamId stream)
      : found_(found), source_(source), stream_(stream) {}

  Result<std::size_t> read_some(std::uint64_t offset, char* buffer,
                                std::size_t length) const override {
    const ByteString bytes =
        TRY(read_again(found_, source_, {.stream = stream_, .offset = offset, .length = length}));
    return bytes.copy(buffer, length);
  }
  std::uint64_t size() const override { return found_.streams[stream_.raw].length; }

 private:
  const Recorder& found_;
  const Source& source_;
  const StreamId stream_;
};

// The next bytes of a decoder, without those in front of them.
inline Result<ByteString> decoded(codec::Decoder& decoder, std::uint64_t skip,
                                  std::uint64_t length) {
  ByteString bytes(std::size_t{64} << 10, '\0');
  while (skip > 0) {
    const std::size_t count =
        TRY(decoder.read(bytes.data(), std::min<std::uint64_t>(bytes.size(), skip)));
    if (count == 0) return ByteString();
    skip -= count;
  }
  bytes.resize(length);
  bytes.resize(TRY(decoder.read(bytes.data(), length)));
  return bytes;
}

// Bytes of a stream, decoded from the restart point before them.
inline Result<ByteString> read_again(const Recorder& found, const Source& source,
                                     const Extent& extent) {
  const StreamPlan& plan = found.streams[extent.stream.raw];
  if (plan.kind == StreamKind::copied) {
    return found.copies[extent.stream.raw].substr(extent.offset, extent.length);
  }
  const StreamInput stream(found, source, {plan.input});
  const codec::Input& below = plan.is_nested ? stream : *TRY(source.input(plan.input));
  const codec::RangeInput input(below, plan.offset, plan.stored_length);
  if (plan.kind == StreamKind::stored) {
    return TRY(read_exactly(input, extent.offset, extent.length)).value_or(ByteString());
  }
  // As the file system does: never from one point beyond the next.
  ByteString all;
  while (all.size() < extent.length) {
    const std::uint64_t offset = extent.offset + all.size();
    codec::RestartPoint from;
    std::uint64_t end = extent.offset + extent.length;
    if (const auto points = found.points.find(extent.stream.raw); points != found.points.end()) {
      for (const codec::RestartPoint& point : points->second) {
        if (point.offset <= offset) from = point;
        if (point.offset > offset) end = std::min(end, point.offset);
      }
    }
    const std::unique_ptr<codec::Decoder> decoder =
        TRY(open_stream(plan.kind, input, from, source.passphrase()));
    const ByteString bytes = TRY(decoded(*decoder, offset - from.offset, end - offset));
    if (bytes.empty()) break;
    all += bytes;
  }
  return all;
}

// What every walk has to keep: a member that the walk delivered can be read again, whole and in
// pieces, from where it was said to lie.
inline void expect_the_same_again(const Recorder& found, const std::vector<std::string>& inputs,
                                  const std::optional<std::string>& passphrase) {
  const Result<Source> source = Source::open(inputs, passphrase);
  ASSERT_TRUE(source);
  for (const FoundMember& member : found.members) {
    EXPECT_TRUE(member.is_ended);
    if (member.extents.empty()) continue;
    const Extent& start = member.extents.front();
    const std::size_t size = member.content.size();
    for (const std::size_t at : {std::size_t{0}, size / 3, size - 1}) {
      const Result<ByteString> again =
          read_again(found, *source,
                     {.stream = start.stream, .offset = start.offset + at, .length = size - at});
      ASSERT_TRUE(again) << member.member.path << ": " << again.error().text;
      EXPECT_EQ(*again, member.content.substr(at)) << member.member.path << " from " << at;
    }
  }
}

// Walks one file. An Error of the walk is a failure of the test.
inline Recorder walk_file(const std::string& path, WalkOptions options = {}) {
  options.temporary_beside = path;
  Recorder found;
  const Result<Walk> walk = Walk::open({path}, options);
  EXPECT_TRUE(walk) << walk.error().text;
  if (!walk) return found;
  WalkTotals totals;
  const Result<InputSummary> summary = walk->run(0, totals, found);
  EXPECT_TRUE(summary) << summary.error().text;
  EXPECT_TRUE(!summary || summary->is_whole == !found.has_loss());
  for (std::uint32_t i = 0; i < found.streams.size(); ++i) {
    EXPECT_EQ(found.streams[i].kind == StreamKind::copied, found.ended.contains({i}));
    if (found.streams[i].kind == StreamKind::copied) continue;
    EXPECT_EQ(found.summed[i], found.streams[i].length) << "bytes without a checksum";
  }
  expect_the_same_again(found, {path}, options.passphrase);
  return found;
}

}  // namespace leakfs::archive
