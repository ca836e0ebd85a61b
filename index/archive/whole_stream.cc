// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/whole_stream.h"

#include <algorithm>
#include <utility>

#include "index/archive/filter_decoder.h"

namespace leakfs::archive {

Result<bool> WholeStream::open() {
  filters_ = count_filters(context_.input());
  if (filters_ > filters_max) {
    TRY(context_.give_up("filters", {.status = ExitStatus::input,
                                     .text = "more than 3 compressions within one another",
                                     .hint = "decompress it first"}));
    return false;
  }
  if (Result<void> opened = open_decoder(); !opened) {
    if (!context_.is_weak()) TRY(context_.give_up("damaged", std::move(opened).error()));
    return false;
  }
  blocks_.emplace(*decoder_);
  first_ = TRY(blocks_->next());
  return true;
}

Result<void> WholeStream::open_decoder() {
  const codec::Input& input = context_.input();
  char head[64] = {};
  const Bytes start(head, TRY(input.read_some(0, head, sizeof head)));
  const std::optional<codec::Format> format = codec::format_of(start);
  if (format) filters_ = std::max(filters_, 1);
  plan_ = {.kind = filters_ == 0 ? StreamKind::stored : StreamKind::filtered,
           .stored_length = input.size()};
  bool has_near_points = filters_ == 0;
  if (filters_ == 1 && format) {
    plan_.kind = kind_of(*format);
    has_near_points = TRY(codec::has_near_points(*format, input));
  }
  const bool is_copied = context_.is_copy_wanted(has_near_points);
  if (filters_ == 1 && format) {
    decoder_ = TRY(codec::open(*format, input, is_copied ? codec::PointVisitor() : visitor()));
  } else {
    decoder_ = TRY(open_stream(plan_.kind, input, {}, {}));
  }
  is_slow_ = !is_copied && !has_near_points;
  is_far_ = plan_.kind != StreamKind::stored && plan_.kind != StreamKind::gzip &&
            plan_.kind != StreamKind::bzip2;
  if (is_copied) plan_ = {.kind = StreamKind::copied};
  return {};
}

// Points come behind the first block, when the stream has its number.
codec::PointVisitor WholeStream::visitor() {
  return [this](codec::RestartPoint point) {
    sums_.point(point.offset);
    return context_.restart_point(id_, std::move(point));
  };
}

Result<void> WholeStream::begin() {
  if (is_slow_) note_slow(context_);
  id_ = TRY(context_.begin_stream(plan_));
  sums_.begin(id_);
  return {};
}

Result<Bytes> WholeStream::next_block() {
  Bytes block = first_;
  if (is_first_) {
    is_first_ = false;
  } else {
    block = TRY(blocks_->next());
  }
  if (plan_.kind != StreamKind::copied) {
    TRY(sums_.add(block));
  } else if (!block.empty()) {
    TRY(context_.visitor().stream_data(id_, block));
  }
  context_.progress(decoder_->input_bytes());
  length_ += block.size();
  TRY(context_.count_output(block.size()));
  return block;
}

Result<void> WholeStream::end() { return sums_.end(); }

Result<bool> WholeStream::go_on() {
  if (!decoder_->damage()) return false;
  const std::string damage = decoder_->damage()->text;
  if (!TRY(decoder_->go_on())) return false;
  // One place, however many damaged blocks are there.
  if (std::exchange(gap_at_, length_) == length_) return true;
  context_.loss(context_.source(), length_, "damaged",
                damage + ": what it held is missing here, and what is behind it follows");
  return true;
}

std::uint64_t WholeStream::stored_bytes(std::uint64_t before) const {
  return input_bytes() - (is_far_ ? 0 : before);
}

void WholeStream::report_damage(const std::string& source, std::uint64_t offset,
                                const std::string& why) {
  const std::optional<codec::Damage>& damage = decoder_->damage();
  const bool is_truncated = damage && damage->is_truncated;
  context_.loss(source, offset, is_truncated ? "truncated" : "damaged",
                damage ? damage->text : why);
}

}  // namespace leakfs::archive
