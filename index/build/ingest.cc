// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/build/ingest.h"

#include <algorithm>

#include "index/archive/sniff.h"
#include "index/base/utf8.h"
#include "index/build/parse.h"
#include "index/mail/header.h"
#include "index/store/heap.h"

namespace leakfs::build {
namespace {
constexpr std::size_t batch_messages = 256;
}  // namespace

Ingest::Ingest(Pipeline& pipeline, std::atomic<std::uint64_t>& input_bytes)
    : pipeline_(pipeline), input_bytes_(input_bytes) {}

Ingest::~Ingest() = default;

Result<void> Ingest::begin_stream(const archive::StreamPlan& plan) {
  streams_.push_back(plan);
  return {};
}

Result<void> Ingest::stream_data(StreamId stream, Bytes bytes) {
  ByteString& block = blocks_[stream];
  while (!bytes.empty()) {
    const std::size_t room = std::min(store::block_size - block.size(), bytes.size());
    block += bytes.substr(0, room);
    bytes.remove_prefix(room);
    streams_[stream.raw].length += room;
    if (block.size() == store::block_size) TRY(submit_block(stream, block));
  }
  return {};
}

Result<void> Ingest::end_stream(StreamId stream) {
  const auto found = blocks_.find(stream);
  if (found == blocks_.end()) return {};
  if (!found->second.empty()) TRY(submit_block(stream, found->second));
  blocks_.erase(found);
  return {};
}

Result<void> Ingest::submit_block(StreamId stream, ByteString& block) {
  Task task;
  task.kind = TaskKind::frame;
  task.stream = stream;
  // All that came before of this stream are whole blocks.
  task.offset = (streams_[stream.raw].length - 1) / store::block_size * store::block_size;
  task.bytes = std::exchange(block, {});
  return submit(std::move(task));
}

Result<void> Ingest::restart_point(StreamId stream, codec::RestartPoint point) {
  Task task;
  task.kind = TaskKind::frame;
  task.stream = stream;
  task.offset = point.offset;
  task.input_bit = point.input_bit;
  task.bytes = std::move(point.context);
  return submit(std::move(task));
}

Result<void> Ingest::begin_member(const archive::Member& member) {
  entry_ = entries_.add(member);
  extent_ = {};
  head_.clear();
  state_ = member.kind == archive::MemberKind::file ? State::sniffing : State::other;
  if (static_cast<std::size_t>(std::ranges::count(member.path, '/')) > path_depth_max) {
    problem({.source = entries_.path_of(entry_),
             .kind = "path",
             .detail = "more than 128 folders within one another; the rest is one name"});
  }
  if (member.kind == archive::MemberKind::link && !entries_.link(entry_, member.link_target)) {
    problem({.source = entries_.path_of(entry_),
             .kind = "link",
             .detail = "a link to " + one_line(member.link_target) + "; links are not followed"});
  }
  if (member.kind == archive::MemberKind::special) {
    problem({.source = entries_.path_of(entry_),
             .kind = "special",
             .detail = "a device, fifo or socket; it has no content"});
  }
  return {};
}

Result<void> Ingest::member_data(const Extent& at, Bytes bytes) {
  if (extent_.length == 0) extent_ = {.stream = at.stream, .offset = at.offset};
  extent_.length += bytes.size();
  // What was found counts, not what a damaged directory promised.
  archive::StreamPlan& stream = streams_[at.stream.raw];
  stream.length = std::max(stream.length, at.offset + at.length);
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
  if (extent_.length > 0) entries_.set_extent(entry_, extent_);
  return {};
}

Result<void> Ingest::begin_message(std::uint64_t offset, Bytes from_line) {
  message_ = {};
  message_.entry = entry_.raw;
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
  problem({.source = entries_.path_of(entry_),
           .offset = offset,
           .kind = "junk",
           .detail = std::to_string(length) + " bytes before the first From_ line of the mbox"});
  return {};
}

Result<void> Ingest::flush_batch() {
  if (batch_.messages() == 0) return {};
  Task task;
  task.bytes = batch_.take();
  return submit(std::move(task));
}

Result<void> Ingest::submit(Task task) {
  if (!pipeline_.submit(std::move(task))) return internal_error("the build was stopped");
  return {};
}

void Ingest::problem(Problem problem) { problems_.push_back(std::move(problem)); }

void Ingest::progress(std::uint64_t input_bytes) {
  input_bytes_.store(input_bytes, std::memory_order_relaxed);
}

Result<void> Ingest::finish() { return flush_batch(); }

}  // namespace leakfs::build
