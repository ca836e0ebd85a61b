// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of the inputs beside their messages: the archives' own trees, the streams, and what
// is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "index/archive/walk.h"
#include "index/build/entry_tree.h"
#include "index/build/finds.h"
#include "index/build/sum_list.h"

namespace leakfs::build {

class Inventory final : public FindsVisitor {
 public:
  void stream(const archive::StreamPlan& plan) override;
  void stream_length(StreamId stream, std::uint64_t length) override;
  void sums(const archive::SumGroup& group) override;
  void member(const archive::Member& member) override;
  void extent(std::uint32_t member, const Extent& extent) override;
  void member_problem(std::uint32_t member, Problem problem) override;
  void problem(Problem problem) override;
  void input(const archive::InputSummary& summary) override;
  void failure(Error error) override { failure_ = std::move(error); }

  EntryTree& entries() { return entries_; }
  const std::vector<archive::StreamPlan>& streams() const { return streams_; }
  SumList& sums() { return sums_; }
  const std::vector<Problem>& problems() const { return problems_; }
  const std::vector<archive::InputSummary>& inputs() const { return inputs_; }
  std::uint32_t members() const { return static_cast<std::uint32_t>(members_.size()); }
  // Absent if there is no such member.
  std::optional<EntryId> entry_of(std::uint32_t member) const;
  const std::optional<Error>& failure() const { return failure_; }
  // What was told cannot be true: the reader went mad.
  bool is_contradictory() const { return is_contradictory_; }

 private:
  EntryTree entries_;
  std::vector<EntryId> members_;
  std::vector<archive::StreamPlan> streams_;
  SumList sums_;
  std::vector<Problem> problems_;
  std::vector<archive::InputSummary> inputs_;
  std::optional<Error> failure_;
  bool is_contradictory_ = false;
};

}  // namespace leakfs::build
