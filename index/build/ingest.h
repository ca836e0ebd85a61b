// SPDX-License-Identifier: GPL-3.0-or-later
// Turns what the walk finds into tasks: members to messages, messages to batches, copied streams to
// blocks. Runs on the reader's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "index/archive/mbox.h"
#include "index/archive/walk.h"
#include "index/build/batch.h"
#include "index/build/entry_tree.h"
#include "index/build/pipeline.h"
#include "index/crypto/digest.h"

namespace leakfs::build {

class Ingest final : public archive::Visitor, private archive::MboxVisitor {
 public:
  // `input_bytes` is told how far the walk is; another thread may read it.
  Ingest(Pipeline& pipeline, std::atomic<std::uint64_t>& input_bytes);
  ~Ingest() override;

  Result<void> begin_stream(const archive::StreamPlan& plan) override;
  Result<void> stream_data(StreamId stream, Bytes bytes) override;
  Result<void> end_stream(StreamId stream) override;
  Result<void> restart_point(StreamId stream, codec::RestartPoint point) override;
  Result<void> begin_member(const archive::Member& member) override;
  Result<void> member_data(const Extent& at, Bytes bytes) override;
  Result<void> end_member(bool is_whole) override;
  void problem(Problem problem) override;
  void progress(std::uint64_t input_bytes) override;

  // Sends what is left. Call once, after the walk.
  Result<void> finish();

  // Valid after finish().
  EntryTree& entries() { return entries_; }
  const std::vector<archive::StreamPlan>& streams() const { return streams_; }
  std::vector<Problem>& problems() { return problems_; }

 private:
  enum class State : std::uint8_t { sniffing, message, mbox, other };

  Result<void> begin_message(std::uint64_t offset, Bytes from_line) override;
  Result<void> message_data(Bytes bytes) override;
  Result<void> end_message() override;
  Result<void> junk(std::uint64_t offset, std::uint64_t length) override;

  Result<void> decide();
  Result<void> feed(Bytes bytes);
  Result<void> submit(Task task);
  Result<void> submit_block(StreamId stream, ByteString& block);
  Result<void> flush_batch();

  Pipeline& pipeline_;
  std::atomic<std::uint64_t>& input_bytes_;
  EntryTree entries_;
  std::vector<archive::StreamPlan> streams_;
  std::vector<Problem> problems_;
  std::map<StreamId, ByteString> blocks_;  // the unfinished block of each copied stream

  // The current member.
  State state_ = State::sniffing;
  EntryId entry_;
  Extent extent_;
  ByteString head_;  // while sniffing
  std::optional<archive::MboxSplitter> splitter_;

  // The current message.
  BatchWriter batch_;
  MessageHead message_;
  std::optional<crypto::Hasher> hasher_;  // once it is too large to keep
};

}  // namespace leakfs::build
