// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/walk_context.h"

namespace leakfs::archive {

void WalkContext::begin_input(std::uint32_t number, std::string path, std::string name) {
  input_ = number;
  path_ = std::move(path);
  summary_ = {.name = std::move(name)};
  loose_.reset();
}

Result<StreamId> WalkContext::begin_stream(const StreamPlan& plan) {
  TRY(visitor_.begin_stream(plan));
  return StreamId{streams_++};
}

Result<void> WalkContext::begin_member(const Member& member) {
  if (member.kind == MemberKind::file) ++summary_.members;
  return visitor_.begin_member(member);
}

Result<void> WalkContext::member_data(const Extent& at, Bytes bytes) {
  return visitor_.member_data(at, bytes);
}

Result<void> WalkContext::copied_data(Bytes bytes) {
  if (bytes.empty()) return {};
  if (!loose_) {
    const StreamId stream = TRY(begin_stream({.kind = StreamKind::copied, .input = input_}));
    loose_ = Extent{.stream = stream};
  }
  TRY(visitor_.stream_data(loose_->stream, bytes));
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

}  // namespace leakfs::archive
