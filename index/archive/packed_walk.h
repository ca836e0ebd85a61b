// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this folder: tar and cpio. Members are extents of the stream. libarchive reads them,
// anew from the next whole header where bytes are none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "index/archive/handle.h"
#include "index/archive/walk_context.h"
#include "index/archive/whole_stream.h"

namespace leakfs::archive {

class PackedWalk {
 public:
  // Both outlive this; the stream has begun.
  PackedWalk(WalkContext& context, WholeStream& stream, bool is_tar)
      : context_(context), stream_(stream), is_tar_(is_tar) {}

  // `begin` is where the first header is.
  Result<void> run(std::uint64_t begin);

 private:
  // A name of a file whose bytes come with another name of it (newc cpio).
  struct HeldName {
    Member member;
    dev_t device = 0;
    la_int64_t inode = 0;
  };

  Result<void> read_from(std::uint64_t begin);
  Result<bool> find_next(std::uint64_t begin);
  static la_ssize_t read_block(struct archive* reader, void* self, const void** data);
  Result<Bytes> next_block();

  Result<void> walk_entry(struct archive_entry* entry);
  Result<void> walk_member(const Member& member, struct archive_entry* entry);
  Result<bool> walk_data(const Member& member, struct archive_entry* entry);
  Result<bool> fill_hole(std::uint64_t& delivered, std::uint64_t end);
  Result<void> deliver(const Member& member, Bytes bytes, bool& is_loose,
                       std::optional<std::uint64_t>& end);
  Result<bool> hold_back(const Member& member, struct archive_entry* entry);
  Result<void> release(const HeldName* content);

  void report_unreadable(std::uint64_t end);
  Result<void> drain();
  bool is_rest_zero(std::uint64_t at) const;
  std::optional<std::uint64_t> place_of(Bytes bytes) const;
  std::uint64_t position() const;

  WalkContext& context_;
  WholeStream& stream_;
  const bool is_tar_;
  struct archive* reader_ = nullptr;
  std::uint64_t base_ = 0;  // in the stream, where libarchive began
  std::uint64_t next_ = 0;  // in the stream, what libarchive is given next
  Bytes block_;             // what it was given last
  std::uint64_t block_at_ = 0;
  bool is_last_ = false;  // what was read ends as an archive does
  // Why the bytes behind the last member are no header, if they are not.
  std::optional<std::string> unreadable_;
  std::uint64_t header_ = 0;        // of the last member
  std::uint64_t member_end_ = 0;    // behind its bytes and their padding
  std::uint64_t input_before_ = 0;  // bytes of the input read before it
  std::vector<HeldName> held_;
  std::optional<Error> failure_;  // the visitor's, on its way through libarchive
};

}  // namespace leakfs::archive
