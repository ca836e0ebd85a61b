// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: what the walks of all formats share while they go through one archive, an
// input or a member of another archive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/archive/block_sums.h"
#include "index/archive/limits.h"
#include "index/archive/member_keeper.h"
#include "index/archive/walk.h"

namespace leakfs::archive {

class WalkContext;

// What the walks of all archives share.
struct WalkState {
  Visitor& visitor;
  const WalkOptions& options;
  const std::vector<File>& scratch;  // one for each level
  WalkTotals& totals;
  std::uint64_t bytes_before = 0;  // of the inputs before this one
  // The archive whose walk a limit ends; an Error that says nothing is on its way to it.
  const WalkContext* stopped = nullptr;
};

// An archive that is walked.
struct Archive {
  std::string path;    // of the input, as it was given
  std::string source;  // what problems name: the name of the input, or the path of the member
  std::string root;    // what the paths of its members start with
  const codec::Input* input = nullptr;  // its bytes, unless it is a directory
  std::uint32_t number = 0;             // of the input, or of the stream in which it lies
  std::uint64_t offset = 0;             // in that stream
  int level = 0;                        // 0 is an input
  bool is_weak = false;                 // hardly known to be one
  bool is_secret = false;               // it was encrypted, or lay in one that was
};

class WalkContext {
 public:
  WalkContext(WalkState& state, Archive archive, WalkContext* outer = nullptr);

  Visitor& visitor() { return state_.visitor; }
  const WalkOptions& options() const { return state_.options; }
  const std::string& path() const { return archive_.path; }
  const std::string& source() const { return archive_.source; }
  const std::string& name() const { return archive_.root; }
  const codec::Input& input() const { return *archive_.input; }
  bool is_nested() const { return archive_.level > 0; }
  bool is_weak() const { return archive_.is_weak; }
  // Whether the current member was encrypted, or an archive around it. An index gets a copy of it
  // only if one of everything is asked for.
  bool is_secret() const { return archive_.is_secret || is_member_secret_; }
  void set_secret(bool is_secret) { is_member_secret_ = is_secret; }
  const InputSummary& summary() const { return summary_; }

  // Whether a stream that can be had again from where it lies is copied all the same.
  bool is_copy_wanted(bool has_near_points) const;
  Result<StreamId> begin_stream(StreamPlan plan);
  Result<void> restart_point(StreamId stream, codec::RestartPoint point);

  Result<void> begin_member(const Member& member);
  // The member may be of any size.
  void lift_size_limit() { member_limit_ = UINT64_MAX; }
  // Whether the member may have so many bytes more, which `stored` bytes of the archive gave with
  // those before. If not that is a loss, and no more of the member is to come.
  bool admits(std::uint64_t length, std::uint64_t stored);
  // So many bytes of a directory were read.
  void count_input(std::uint64_t bytes) { state_.totals.input_bytes += bytes; }
  // So many bytes were decoded from the archive, whether a member has them or not. An Error ends
  // the walk: it is too much.
  Result<void> count_output(std::uint64_t bytes);
  Result<void> member_data(const Extent& at, Bytes bytes);
  // Appends the bytes to the archive's stream of loose members, and gives them to the member. The
  // stream is copied unless begin_loose() came before.
  Result<void> loose_data(Bytes bytes);
  void begin_loose(const StreamPlan& plan) { loose_plan_ = plan; }
  // Walks the member if it is an archive.
  Result<void> end_member(bool is_whole);

  // The archive cannot be walked: what is wrong ends the walk if it is an input, and is a loss if
  // it is a member.
  Result<void> give_up(const char* kind, Error error);
  // Whether the archive is deeper than archives are walked. Then it is a loss.
  bool is_too_deep();

  // Something of the input is lost at `offset`.
  void loss(const std::string& source, std::uint64_t offset, const char* kind, std::string detail);
  // Compressed bytes of this input that have been read.
  void progress(std::uint64_t bytes);
  // Call once, after the walk, with what it returned. An Error if not only this walk ends.
  Result<void> end(Result<void> walked);

 private:
  bool is_at_hand() const { return stored_ && stored_->stream == extent_.stream; }
  Result<void> walk_within(Shape shape);
  // Ends the walk of this archive, and of those in it, by a limit.
  std::unexpected<Error> stop(const char* kind, std::string detail);
  std::unexpected<Error> stop_all(const char* kind, std::string detail);
  WalkContext& outermost();
  void mark_partial();

  WalkState& state_;
  const Archive archive_;
  WalkContext* const outer_;  // of the archive that this one is a member of
  InputSummary summary_;
  StreamPlan loose_plan_;
  std::optional<Extent> loose_;   // the stream of loose members, and its end
  BlockSums loose_sums_;          // if it is not copied
  std::optional<Extent> stored_;  // the last stream that is a range of the archive, and where
  std::vector<StreamId> copied_;  // streams
  std::uint64_t within_ = 0;      // bytes decoded from all archives in this one

  // The current member.
  Member member_;
  bool is_in_member_ = false;
  bool is_member_secret_ = false;
  Extent extent_;
  std::uint64_t member_limit_ = member_size_max;
  std::uint64_t stored_bytes_ = 0;   // of the archive that gave it
  std::uint64_t within_member_ = 0;  // bytes decoded from the archives in it
  MemberKeeper keeper_;
};

// Says what it costs that a stream is neither copied nor has restart points.
void note_slow(WalkContext& context);

// The walk of each kind of archive.
Result<void> walk_stream(WalkContext& context);  // tar, cpio, what is compressed, bare mail
Result<void> walk_zip(WalkContext& context);
Result<void> walk_seekable(WalkContext& context);  // 7z, rar, iso9660
Result<void> walk_directory(WalkContext& context);
Result<void> walk_shape(WalkContext& context, Shape shape);

}  // namespace leakfs::archive
