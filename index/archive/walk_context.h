// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: what the walks of all formats share while they go through one input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "index/archive/walk.h"
#include "index/codec/input.h"

namespace leakfs::archive {

// Bytes of a member that are read; the rest is a loss "member".
constexpr std::uint64_t member_size_max = 4_GiB;
constexpr const char* member_size_text = "larger than 4 GiB: its end was not read";

class WalkContext {
 public:
  WalkContext(Visitor& visitor, const WalkOptions& options)
      : visitor_(visitor), options_(options) {}

  // Starts the next input.
  void begin_input(std::uint32_t number, std::string path, std::string name);

  Visitor& visitor() { return visitor_; }
  const WalkOptions& options() const { return options_; }
  std::uint32_t input() const { return input_; }
  const std::string& path() const { return path_; }
  const std::string& name() const { return summary_.name; }
  const InputSummary& summary() const { return summary_; }

  // Whether a stream that can be had again from the input is copied all the same.
  bool is_copy_wanted(bool has_near_points) const;
  Result<StreamId> begin_stream(StreamPlan plan);
  Result<void> restart_point(StreamId stream, codec::RestartPoint point);

  Result<void> begin_member(const Member& member);
  Result<void> member_data(const Extent& at, Bytes bytes);
  // Appends the bytes to the input's stream of loose members, and gives them to the member. The
  // stream is copied unless begin_loose() came before.
  Result<void> loose_data(Bytes bytes);
  void begin_loose(const StreamPlan& plan) { loose_plan_ = plan; }
  Result<void> end_member(bool is_whole);

  // Something of the input is lost at `offset`.
  void loss(const std::string& source, std::uint64_t offset, const char* kind, std::string detail);
  // Compressed bytes of this input that have been read.
  void progress(std::uint64_t bytes) { visitor_.progress(bytes_before_ + bytes); }
  void end_input(std::uint64_t size) { bytes_before_ += size; }

 private:
  Visitor& visitor_;
  const WalkOptions& options_;
  std::uint32_t input_ = 0;
  std::string path_;
  InputSummary summary_;
  std::uint32_t streams_ = 0;
  std::uint64_t bytes_before_ = 0;  // of the inputs before this one
  StreamPlan loose_plan_;
  std::optional<Extent> loose_;  // the stream of loose members, and its end
};

// Says what it costs that a stream is neither copied nor has restart points.
void note_slow(WalkContext& context);

// The walk of each kind of input.
Result<void> walk_stream(WalkContext& context, const codec::Input& input);  // tar, cpio, bare mail
Result<void> walk_zip(WalkContext& context, const codec::Input& input);
Result<void> walk_seekable(WalkContext& context, const codec::Input& input);  // 7z, rar, iso9660
Result<void> walk_directory(WalkContext& context);

}  // namespace leakfs::archive
