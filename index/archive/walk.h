// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over the inputs: streams, members, bytes and what is wrong with them, in order. What a
// member holds (mail or not) is not known here, but for archives, which are walked too: what
// "mail.zip" holds follows it, with paths below "mail.zip.d/". libarchive is behind this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/archive/limits.h"
#include "index/archive/stream_plan.h"
#include "index/base/bytes.h"
#include "index/base/civil_time.h"
#include "index/base/error.h"
#include "index/base/extent.h"
#include "index/base/file.h"
#include "index/base/problem.h"

namespace leakfs::archive {

enum class MemberKind : std::uint8_t {
  file,
  directory,
  link,     // symbolic or hard; never followed
  special,  // device, fifo, socket
};

struct Member {
  ByteString path;  // as stored, "/" between components, no leading "./" or "/"; the
                    // first component is the name of the input
  MemberKind kind = MemberKind::file;
  std::optional<UnixTime> mtime;  // as stored; may be any value
  ByteString link_target;         // of a link
};

// The blocks of a stream that checksums are taken of, in bytes, and how many are told at once.
constexpr std::size_t sum_block_size = 256 << 10;
constexpr std::size_t sum_group_size = 64;

// Checksums of up to sum_group_size blocks in a row of a stream, each sum_block_size bytes but for
// the last. A group begins at the start of the stream, at a restart point, or where the group
// before ends that had no room for more.
struct SumGroup {
  StreamId stream;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // of the blocks, together
  ByteString sums;           // 16 bytes each
};

// Told what is found, from one thread. An Error that it returns ends the walk.
class Visitor {
 public:
  virtual ~Visitor() = default;

  // The streams count from 0 in the order of these calls. Several are open at a time: that of an
  // archive goes on behind those of the archives in it. A stream that lies in another lies in
  // bytes that came as member_data() before.
  virtual Result<void> begin_stream(const StreamPlan& plan) = 0;
  // The next bytes of the copied stream `stream`, whether a member has them or not. They come
  // before the member_data() that lies in them.
  virtual Result<void> stream_data(StreamId stream, Bytes bytes) = 0;
  // No more bytes of the copied stream come.
  virtual Result<void> end_stream(StreamId stream) = 0;
  // Where the stream, which is not copied, can be decoded from. In turn; its start is not told.
  virtual Result<void> restart_point(StreamId stream, codec::RestartPoint point) = 0;
  // Checksums of what a stream, which is not copied, holds there: all of it, group by group, in
  // turn. They may come before the bytes and behind those of other streams.
  virtual Result<void> block_sums(const SumGroup& group) = 0;

  // One member at a time: those of an archive within follow the end of that archive.
  virtual Result<void> begin_member(const Member& member) = 0;
  // The next bytes of the member. `at` is where they lie; a member's extents are contiguous, but
  // for the first call its place is not known before.
  virtual Result<void> member_data(const Extent& at, Bytes bytes) = 0;
  // `is_whole` is false where the archive promised more bytes than could be read (a problem said
  // so).
  virtual Result<void> end_member(bool is_whole) = 0;

  virtual void problem(Problem problem) = 0;
  // Bytes of the input files that have been read, for a progress bar. Called often.
  virtual void progress(std::uint64_t input_bytes) = 0;
};

// Which streams are copied.
enum class CopyPolicy : std::uint8_t {
  distant,  // those without restart points near to each other
  all,      // and all others of the inputs; what lies in a copied stream is not copied twice
  none,     // but for what no input file holds as it was read: directories, zip members under a
            // passphrase or an unusual method, holes in sparse files
};

struct WalkOptions {
  CopyPolicy copy = CopyPolicy::distant;
  std::optional<std::string> passphrase;
  // Archives within archives are kept while they are walked, the larger ones in files without
  // names in the directory of this path.
  std::string temporary_beside;
  Limits limits = {};
};

// What the walk found of an input.
struct InputSummary {
  std::string name;           // first component of its members' paths
  std::uint64_t members = 0;  // files, but for those of archives within it
  bool is_whole = true;       // read to its end
};

// What was read so far, of all inputs: limits are for them together.
struct WalkTotals {
  std::uint32_t streams = 0;
  std::uint64_t members = 0;
  std::uint64_t input_bytes = 0;
  std::uint64_t output_bytes = 0;  // decoded from all archives
  bool is_over = false;            // a limit ends all
};

// Inputs (files or directories), opened so that a process that can open no files can walk them; but
// for directories, whose files it opens by and by.
class Walk {
 public:
  // An Error if an input cannot be opened, or is neither a file nor a directory.
  static Result<Walk> open(const std::vector<std::string>& inputs, const WalkOptions& options);

  std::size_t size() const { return inputs_.size(); }
  // The first component of the paths of its members; distinct.
  const std::string& name(std::size_t input) const { return inputs_[input].name; }
  // Bytes of all that are files, and of those before one.
  std::uint64_t bytes() const { return bytes_before(inputs_.size()); }
  std::uint64_t bytes_before(std::size_t input) const;
  // What a process that walks has to have open.
  std::vector<int> descriptors() const;
  std::vector<std::string> directories() const;

  // Walks one input. Its streams are numbered on from `totals`, which it counts on. Damage is a
  // Problem and the walk goes on where the format allows; a limit is one too, and what is over it
  // is left out. An Error: the input is no archive and no mail, holds no file, or the visitor's.
  Result<InputSummary> run(std::size_t input, WalkTotals& totals, Visitor& visitor) const;

 private:
  struct Input {
    std::string path;
    std::string name;
    File file;
    std::uint64_t size = 0;
    bool is_directory = false;
  };

  WalkOptions options_;
  std::vector<Input> inputs_;
  std::vector<File> scratch_;  // for archives within archives, one for each level
};

}  // namespace leakfs::archive
