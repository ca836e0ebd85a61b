// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/walk_context.h"

namespace leakfs::archive {

void WalkContext::begin_input(std::uint32_t number, std::string path, std::string name) {
  input_ = number;
  path_ = std::move(path);
  summary_ = {.name = std::move(name)};
  loose_plan_ = {};
  loose_.reset();
}

bool WalkContext::is_copy_wanted(bool has_near_points) const {
  if (options_.copy == CopyPolicy::distant) return !has_near_points;
  return options_.copy == CopyPolicy::all;
}

Result<StreamId> WalkContext::begin_stream(StreamPlan plan) {
  plan.input = input_;
  TRY(visitor_.begin_stream(plan));
  return StreamId{streams_++};
}

Result<void> WalkContext::restart_point(StreamId stream, codec::RestartPoint point) {
  return visitor_.restart_point(stream, std::move(point));
}

Result<void> WalkContext::begin_member(const Member& member) {
  if (member.kind == MemberKind::file) ++summary_.members;
  return visitor_.begin_member(member);
}

Result<void> WalkContext::member_data(const Extent& at, Bytes bytes) {
  return visitor_.member_data(at, bytes);
}

Result<void> WalkContext::loose_data(Bytes bytes) {
  if (bytes.empty()) return {};
  if (!loose_) {
    loose_ = Extent{.stream = TRY(begin_stream(loose_plan_))};
  }
  if (loose_plan_.kind == StreamKind::copied) TRY(visitor_.stream_data(loose_->stream, bytes));
  loose_->length = bytes.size();
  TRY(visitor_.member_data(*loose_, bytes));
  loose_->offset += bytes.size();
  return {};
}

Result<void> WalkContext::end_member(bool is_whole) {
  if (!is_whole) summary_.is_whole = false;
  return visitor_.end_member(is_whole);
}

void WalkContext::loss(const std::string& source, std::uint64_t offset, const char* kind,
                       std::string detail) {
  summary_.is_whole = false;
  visitor_.problem({.source = source,
                    .offset = offset,
                    .kind = kind,
                    .detail = std::move(detail),
                    .is_loss = true});
}

void note_slow(WalkContext& context) {
  context.visitor().problem(
      {.source = context.name(),
       .kind = "slow",
       .detail = "to read one message, all of the archive before it is decompressed; "
                 "--content auto keeps a copy in the index instead"});
}

}  // namespace leakfs::archive
