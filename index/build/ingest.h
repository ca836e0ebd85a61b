// SPDX-License-Identifier: GPL-3.0-or-later
// Turns what the walk finds into tasks: members to messages, messages to batches, copied streams to
// blocks, and all else to finds. Runs in the reader.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "index/archive/mbox.h"
#include "index/archive/walk.h"
#include "index/build/batch.h"
#include "index/build/finds.h"
#include "index/crypto/digest.h"

namespace leakfs::build {

// Takes tasks in their order.
class TaskSink {
 public:
  virtual ~TaskSink() = default;
  // Waits while too much is under way.
  virtual Result<void> submit(const TaskHead& head, Bytes bytes) = 0;
  // Bytes of the inputs that were read.
  virtual void progress(std::uint64_t input_bytes) = 0;
};

class Ingest final : public archive::Visitor, private archive::MboxVisitor {
 public:
  // Streams and members are numbered on from those of the inputs before.
  Ingest(TaskSink& sink, std::uint32_t first_stream, std::uint32_t first_member);
  ~Ingest() override;

  Result<void> begin_stream(const archive::StreamPlan& plan) override;
  Result<void> stream_data(StreamId stream, Bytes bytes) override;
  Result<void> end_stream(StreamId stream) override;
  Result<void> restart_point(StreamId stream, codec::RestartPoint point) override;
  Result<void> block_sums(const archive::SumGroup& group) override;
  Result<void> begin_member(const archive::Member& member) override;
  Result<void> member_data(const Extent& at, Bytes bytes) override;
  Result<void> end_member(bool is_whole) override;
  void problem(Problem problem) override;
  void progress(std::uint64_t input_bytes) override;

  // An input ended, or the walk.
  void end_input(const archive::InputSummary& summary) { finds_.input(summary); }
  void fail(Error error) { finds_.failure(std::move(error)); }
  // Sends what is left.
  Result<void> finish();

 private:
  enum class State : std::uint8_t { sniffing, message, mbox, other };

  Result<void> begin_message(std::uint64_t offset, Bytes from_line) override;
  Result<void> message_data(Bytes bytes) override;
  Result<void> end_message() override;
  Result<void> junk(std::uint64_t offset, std::uint64_t length) override;

  Result<void> decide();
  Result<void> feed(Bytes bytes);
  void grow(StreamId stream, std::uint64_t end);
  Result<void> submit_block(StreamId stream, ByteString& block);
  Result<void> flush_finds();
  Result<void> flush_batch();

  TaskSink& sink_;
  FindsWriter finds_;
  std::map<StreamId, std::uint64_t> lengths_;  // of the streams that grew since finds were sent
  std::uint32_t streams_;
  std::uint32_t members_;
  std::map<StreamId, ByteString> blocks_;         // the unfinished block of each copied stream
  std::map<StreamId, std::uint64_t> block_ends_;  // bytes of it that came

  // The current member.
  State state_ = State::sniffing;
  std::uint32_t member_ = 0;
  Extent extent_;
  ByteString head_;  // while sniffing
  std::optional<archive::MboxSplitter> splitter_;

  // The current message.
  BatchWriter batch_;
  MessageHead message_;
  std::optional<crypto::Hasher> hasher_;  // once it is too large to keep
};

}  // namespace leakfs::build
