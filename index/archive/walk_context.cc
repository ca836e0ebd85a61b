// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/walk_context.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace leakfs::archive {

WalkContext::WalkContext(WalkState& state, Archive archive, WalkContext* outer)
    : state_(state),
      archive_(std::move(archive)),
      outer_(outer),
      summary_{.name = archive_.root},
      loose_sums_(state.visitor),
      keeper_(state.scratch.at(static_cast<std::size_t>(archive_.level))) {}

bool WalkContext::is_copy_wanted(bool has_near_points) const {
  if (options().copy == CopyPolicy::none) return false;
  if (archive_.is_secret && options().copy != CopyPolicy::all) return false;
  return !has_near_points || (options().copy == CopyPolicy::all && !is_nested());
}

Result<StreamId> WalkContext::begin_stream(StreamPlan plan) {
  const StreamId id{state_.totals.streams};
  if (plan.kind == StreamKind::stored) stored_ = {.stream = id, .offset = plan.offset};
  if (plan.kind == StreamKind::copied) copied_.push_back(id);
  if (is_nested() && plan.kind != StreamKind::copied) {
    // What a damaged directory promises must not lead out of the archive.
    plan.offset = std::min(plan.offset, input().size());
    plan.stored_length = std::min(plan.stored_length, input().size() - plan.offset);
    plan.offset += archive_.offset;
    plan.is_nested = true;
  }
  plan.input = archive_.number;
  TRY(visitor().begin_stream(plan));
  ++state_.totals.streams;
  return id;
}

Result<void> WalkContext::restart_point(StreamId stream, codec::RestartPoint point) {
  return visitor().restart_point(stream, std::move(point));
}

Result<void> WalkContext::begin_member(const Member& member) {
  if (++state_.totals.members > options().limits.members_max) {
    return stop_all("members", fmt::format("more than {} members: the rest was not read",
                                           options().limits.members_max));
  }
  if (member.kind == MemberKind::file) ++summary_.members;
  member_ = member;
  is_in_member_ = true;
  is_member_secret_ = false;
  extent_ = {};
  member_limit_ = member_size_max;
  stored_bytes_ = 0;
  within_member_ = 0;
  keeper_.begin();
  return visitor().begin_member(member);
}

Result<void> WalkContext::member_data(const Extent& at, Bytes bytes) {
  if (extent_.length == 0) extent_ = {.stream = at.stream, .offset = at.offset};
  extent_.length += bytes.size();
  TRY(keeper_.add(bytes, is_at_hand()));
  return visitor().member_data(at, bytes);
}

Result<void> WalkContext::loose_data(Bytes bytes) {
  if (bytes.empty()) return {};
  if (!loose_) {
    loose_ = Extent{.stream = TRY(begin_stream(loose_plan_))};
    loose_sums_.begin(loose_->stream);
  }
  if (loose_plan_.kind == StreamKind::copied) {
    TRY(visitor().stream_data(loose_->stream, bytes));
  } else {
    TRY(loose_sums_.add(bytes));
  }
  loose_->length = bytes.size();
  TRY(member_data(*loose_, bytes));
  loose_->offset += bytes.size();
  return {};
}

bool WalkContext::admits(std::uint64_t length, std::uint64_t stored) {
  stored_bytes_ = stored;
  const std::uint64_t size = extent_.length + length;
  if (size > member_limit_) {
    loss(member_.path, extent_.length, "member", "larger than 4 GiB: its end was not read");
    return false;
  }
  if (options().limits.is_ratio_exceeded(size, stored)) {
    loss(member_.path, extent_.length, "ratio",
         fmt::format("it is packed more than {}:1, as only bombs are: its end was not read",
                     ratio_max));
    return false;
  }
  return true;
}

// Bytes of this archive lie within a member of each archive around it.
Result<void> WalkContext::count_output(std::uint64_t bytes) {
  const Limits& limits = options().limits;
  state_.totals.output_bytes += bytes;
  if (limits.is_output_exceeded(state_.totals.output_bytes, state_.totals.input_bytes)) {
    return stop_all("ratio", fmt::format("all archives hold more than {} times their size, as only "
                                         "bombs do: the rest was not read",
                                         output_ratio_max));
  }
  WalkContext* stopped = nullptr;
  for (WalkContext* inner = this; inner->outer_ != nullptr; inner = inner->outer_) {
    WalkContext& outer = *inner->outer_;
    outer.within_ += bytes;
    outer.within_member_ += bytes;
    const std::uint64_t outer_size =
        outer.archive_.input == nullptr ? state_.totals.input_bytes : outer.input().size();
    if (limits.is_ratio_exceeded(outer.within_member_, outer.stored_bytes_) ||
        limits.is_ratio_exceeded(outer.within_, outer_size)) {
      stopped = inner;
    }
  }
  if (stopped == nullptr) return {};
  return stopped->stop("ratio",
                       fmt::format("with the archives in it, it holds more than {} times its "
                                   "packed size, as only bombs do: the rest was not read",
                                   ratio_max));
}

std::unexpected<Error> WalkContext::stop(const char* kind, std::string detail) {
  loss(source(), 0, kind, std::move(detail));
  state_.stopped = this;
  return std::unexpected(Error{.text = "stopped"});
}

std::unexpected<Error> WalkContext::stop_all(const char* kind, std::string detail) {
  state_.totals.is_over = true;
  return outermost().stop(kind, std::move(detail));
}

WalkContext& WalkContext::outermost() {
  WalkContext* context = this;
  while (context->outer_ != nullptr) context = context->outer_;
  return *context;
}

Result<void> WalkContext::end_member(bool is_whole) {
  if (!is_whole) mark_partial();
  is_in_member_ = false;
  TRY(visitor().end_member(is_whole));
  const Shape shape = TRY(keeper_.finish());
  if (shape != Shape::other) TRY(walk_within(shape));
  keeper_.begin();
  return {};
}

Result<void> WalkContext::walk_within(Shape shape) {
  const codec::Input* input = &keeper_.bytes();
  std::optional<codec::RangeInput> range;
  if (is_at_hand()) {
    input = &range.emplace(this->input(), stored_->offset + extent_.offset, extent_.length);
  }
  WalkContext inner(state_,
                    {.path = archive_.path,
                     .source = member_.path,
                     .root = member_.path + ".d",
                     .input = input,
                     .number = extent_.stream.raw,
                     .offset = extent_.offset,
                     .level = archive_.level + 1,
                     .is_weak = keeper_.is_weak(),
                     .is_secret = is_secret()},
                    this);
  // Of what is compressed, only its walk knows whether it is an archive.
  if (shape != Shape::compressed && inner.is_too_deep()) return {};
  return inner.end(walk_shape(inner, shape));
}

Result<void> WalkContext::give_up(const char* kind, Error error) {
  if (!is_nested()) return within(path(), std::move(error));
  loss(source(), 0, kind, error.message());
  return {};
}

bool WalkContext::is_too_deep() {
  if (archive_.level <= nested_max) return false;
  loss(source(), 0, "nested",
       fmt::format(
           "more than {} archives within one another: it was not looked into; extract it and "
           "give it to mkleakfs by itself",
           nested_max));
  return true;
}

void WalkContext::mark_partial() {
  for (WalkContext* context = this; context != nullptr; context = context->outer_) {
    context->summary_.is_whole = false;
  }
}

void WalkContext::loss(const std::string& source, std::uint64_t offset, const char* kind,
                       std::string detail) {
  mark_partial();
  visitor().problem({.source = source,
                     .offset = offset,
                     .kind = kind,
                     .detail = std::move(detail),
                     .is_loss = true});
}

void WalkContext::progress(std::uint64_t bytes) {
  if (!is_nested()) visitor().progress(state_.bytes_before + bytes);
}

Result<void> WalkContext::end(Result<void> walked) {
  if (!walked && state_.stopped == nullptr) return walked;
  if (is_in_member_) TRY(visitor().end_member(false));
  is_in_member_ = false;
  TRY(loose_sums_.end());
  for (const StreamId stream : copied_) TRY(visitor().end_stream(stream));
  if (!walked && state_.stopped != this) return walked;
  state_.stopped = nullptr;
  return {};
}

void note_slow(WalkContext& context) {
  context.visitor().problem(
      {.source = context.source(),
       .kind = "slow",
       .detail = "to read one message, all of the archive before it is decompressed; "
                 "--content auto keeps a copy in the index instead"});
}

Result<void> walk_shape(WalkContext& context, Shape shape) {
  if (shape == Shape::zip) return walk_zip(context);
  if (shape == Shape::seekable) return walk_seekable(context);
  return walk_stream(context);
}

}  // namespace leakfs::archive
