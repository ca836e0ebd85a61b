// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/ingest.h"

#include <algorithm>

#include "index/archive/sniff.h"
#include "index/build/parse.h"
#include "index/mail/header.h"
#include "index/store/heap.h"

namespace leakfs::build {
namespace {
constexpr std::size_t batch_messages = 256;
constexpr std::size_t finds_size = 256_KiB;  // sent even when no messages follow
}  // namespace

Ingest::Ingest(TaskSink& sink, std::uint32_t first_stream, std::uint32_t first_member)
    : sink_(sink), streams_(first_stream), members_(first_member) {}

Ingest::~Ingest() = default;

Result<void> Ingest::begin_stream(const archive::StreamPlan& plan) {
  archive::StreamPlan begun = plan;
  // What is found counts, not what a damaged directory promised.
  begun.length = 0;
  finds_.stream(begun);
  ++streams_;
  return {};
}

void Ingest::grow(StreamId stream, std::uint64_t end) {
  std::uint64_t& length = lengths_[stream];
  length = std::max(length, end);
}

Result<void> Ingest::stream_data(StreamId stream, Bytes bytes) {
  ByteString& block = blocks_[stream];
  std::uint64_t& end = block_ends_[stream];
  while (!bytes.empty()) {
    const std::size_t room = std::min(store::block_size - block.size(), bytes.size());
    block += bytes.substr(0, room);
    bytes.remove_prefix(room);
    end += room;
    grow(stream, end);
    if (block.size() == store::block_size) TRY(submit_block(stream, block));
  }
  return {};
}

Result<void> Ingest::end_stream(StreamId stream) {
  const auto found = blocks_.find(stream);
  if (found == blocks_.end()) return {};
  if (!found->second.empty()) TRY(submit_block(stream, found->second));
  blocks_.erase(found);
  block_ends_.erase(stream);
  return {};
}

Result<void> Ingest::submit_block(StreamId stream, ByteString& block) {
  const TaskHead head = {
      .kind = TaskKind::frame, .stream = stream, .offset = block_ends_[stream] - block.size()};
  TRY(sink_.submit(head, block));
  block.clear();
  return {};
}

Result<void> Ingest::restart_point(StreamId stream, codec::RestartPoint point) {
  const TaskHead head = {.kind = TaskKind::frame,
                         .stream = stream,
                         .offset = point.offset,
                         .input_bit = point.input_bit};
  return sink_.submit(head, point.context);
}

Result<void> Ingest::block_sums(const archive::SumGroup& group) {
  finds_.sums(group);
  grow(group.stream, group.offset + group.length);
  return {};
}

Result<void> Ingest::begin_member(const archive::Member& member) {
  finds_.member(member);
  member_ = members_++;
  extent_ = {};
  head_.clear();
  state_ = member.kind == archive::MemberKind::file ? State::sniffing : State::other;
  return finds_.size() < finds_size ? Result<void>() : flush_finds();
}

Result<void> Ingest::member_data(const Extent& at, Bytes bytes) {
  if (extent_.length == 0) extent_ = {.stream = at.stream, .offset = at.offset};
  extent_.length += bytes.size();
  grow(at.stream, at.offset + at.length);
  if (state_ != State::sniffing) return feed(bytes);
  head_ += bytes;
  if (head_.size() < archive::sniff_size) return {};
  return decide();
}

// The head decides what the member is, and is its first bytes.
Result<void> Ingest::decide() {
  switch (archive::sniff(Bytes(head_).substr(0, archive::sniff_size))) {
    case archive::Content::message:
      state_ = State::message;
      TRY(begin_message(0, {}));
      message_.is_in_mbox = false;
      break;
    case archive::Content::mbox:
      state_ = State::mbox;
      splitter_.emplace(static_cast<archive::MboxVisitor&>(*this));
      break;
    case archive::Content::other:
      state_ = State::other;
      break;
  }
  const ByteString head = std::exchange(head_, {});
  return feed(head);
}

Result<void> Ingest::feed(Bytes bytes) {
  if (state_ == State::message) return message_data(bytes);
  if (state_ == State::mbox) return splitter_->add(bytes);
  return {};
}

Result<void> Ingest::end_member(bool /*is_whole*/) {
  if (state_ == State::sniffing) TRY(decide());
  if (state_ == State::message) TRY(end_message());
  if (state_ == State::mbox) TRY(splitter_->finish());
  splitter_.reset();
  if (extent_.length > 0) finds_.extent(member_, extent_);
  return {};
}

Result<void> Ingest::begin_message(std::uint64_t offset, Bytes from_line) {
  message_ = {};
  message_.entry = member_;
  message_.mbox_offset = offset;
  message_.is_in_mbox = true;
  batch_.begin(from_line);
  return {};
}

Result<void> Ingest::message_data(Bytes bytes) {
  message_.size += bytes.size();
  if (hasher_) {
    hasher_->add(bytes);
    return {};
  }
  batch_.add(bytes);
  if (message_.size > message_size_max) {
    hasher_.emplace(crypto::DigestKind::sha256);
    hasher_->add(batch_.message());
    batch_.cut(mail::header_size_max);
  }
  return {};
}

Result<void> Ingest::end_message() {
  message_.extent = {.stream = extent_.stream,
                     .offset = extent_.offset + message_.mbox_offset,
                     .length = message_.size};
  if (hasher_) {
    message_.is_cut = true;
    message_.sha256 = hasher_->finish().raw;
    hasher_.reset();
  }
  batch_.end(message_);
  if (batch_.size() < batch_size && batch_.messages() < batch_messages) return {};
  return flush_batch();
}

Result<void> Ingest::junk(std::uint64_t offset, std::uint64_t length) {
  finds_.member_problem(member_, {.offset = offset,
                                  .kind = "junk",
                                  .detail = std::to_string(length) +
                                            " bytes before the first From_ line of the mbox"});
  return {};
}

// Before the tasks that refer to them.
Result<void> Ingest::flush_finds() {
  for (const auto& [stream, length] : lengths_) finds_.stream_length(stream, length);
  lengths_.clear();
  if (finds_.size() == 0) return {};
  return sink_.submit({.kind = TaskKind::finds}, finds_.take());
}

Result<void> Ingest::flush_batch() {
  TRY(flush_finds());
  if (batch_.messages() == 0) return {};
  return sink_.submit({.kind = TaskKind::messages}, batch_.take());
}

void Ingest::problem(Problem problem) {
  finds_.problem(std::move(problem));
  // What cannot be sent has nobody who waits for it.
  if (finds_.size() >= finds_size) static_cast<void>(flush_finds().has_value());
}

void Ingest::progress(std::uint64_t input_bytes) { sink_.progress(input_bytes); }

Result<void> Ingest::finish() { return flush_batch(); }

}  // namespace leakfs::build
