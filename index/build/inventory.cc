// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/inventory.h"

#include <algorithm>
#include <utility>

#include "index/base/utf8.h"

namespace leakfs::build {

void Inventory::stream(const archive::StreamPlan& plan) { streams_.push_back(plan); }

void Inventory::stream_length(StreamId stream, std::uint64_t length) {
  if (stream.raw < streams_.size()) {
    std::uint64_t& known = streams_[stream.raw].length;
    known = std::max(known, length);
  } else {
    is_contradictory_ = true;
  }
}

void Inventory::sums(const archive::SumGroup& group) {
  if (group.stream.raw < streams_.size()) {
    sums_.add(group);
  } else {
    is_contradictory_ = true;
  }
}

void Inventory::member(const archive::Member& member) {
  using archive::MemberKind;
  const EntryId entry = entries_.add(member);
  members_.push_back(entry);
  if (static_cast<std::size_t>(std::ranges::count(member.path, '/')) > path_depth_max) {
    problem({.source = entries_.path_of(entry),
             .kind = "path",
             .detail = "more than 128 folders within one another; the rest is one name"});
  }
  if (member.kind == MemberKind::link && !entries_.link(entry, member.link_target)) {
    problem({.source = entries_.path_of(entry),
             .kind = "link",
             .detail = "a link to " + one_line(member.link_target) + "; links are not followed"});
  }
  if (member.kind == MemberKind::special) {
    problem({.source = entries_.path_of(entry),
             .kind = "special",
             .detail = "a device, fifo or socket; it has no content"});
  }
}

void Inventory::extent(std::uint32_t member, const Extent& extent) {
  if (member < members_.size() && extent.stream.raw < streams_.size()) {
    entries_.set_extent(members_[member], extent);
  } else {
    is_contradictory_ = true;
  }
}

void Inventory::member_problem(std::uint32_t member, Problem problem) {
  const std::optional<EntryId> entry = entry_of(member);
  if (entry) problem.source = entries_.path_of(*entry);
  problems_.push_back(std::move(problem));
}

void Inventory::problem(Problem problem) { problems_.push_back(std::move(problem)); }

void Inventory::input(const archive::InputSummary& summary) { inputs_.push_back(summary); }

std::optional<EntryId> Inventory::entry_of(std::uint32_t member) const {
  if (member >= members_.size()) return std::nullopt;
  return members_[member];
}

}  // namespace leakfs::build
