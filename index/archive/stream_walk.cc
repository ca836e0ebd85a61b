// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that are read from front to back: tar and cpio, compressed or not, and mail without any
// archive around it. Members are extents of the decompressed stream.
#include <cstdint>

#include "index/archive/packed_walk.h"
#include "index/archive/shape.h"
#include "index/archive/sniff.h"
#include "index/archive/tar_search.h"
#include "index/archive/walk_context.h"
#include "index/archive/whole_stream.h"
#include "index/base/file.h"

namespace leakfs::archive {
namespace {

class StreamWalk {
 public:
  explicit StreamWalk(WalkContext& context) : context_(context), stream_(context) {}

  Result<void> run() {
    if (!TRY(stream_.open())) return {};
    const Bytes first = stream_.first();
    if (first.empty()) return report_empty();
    // A member of another archive is the file that it is.
    if (context_.is_nested() && !is_archive(first) && !is_bare(first)) return {};
    if (context_.is_too_deep()) return {};
    TRY(stream_.begin());
    const Result<void> walked = walk(first);
    // What came before the walk was ended is read again by its sums.
    TRY(stream_.end());
    return walked;
  }

 private:
  bool is_archive(Bytes first) const {
    return is_tar(first) || (context_.is_nested() ? is_cpio(first) : has_cpio_magic(first));
  }

  Result<void> walk(Bytes first) {
    if (is_archive(first)) return PackedWalk(context_, stream_, is_tar(first)).run(0);
    if (is_bare(first)) return walk_bare();
    // The first header of a tar may be damaged, and the others whole.
    if (const auto begin = TRY(find_tar_header(stream_, 0, tar_search_max))) {
      return PackedWalk(context_, stream_, true).run(*begin);
    }
    // The magic of a .pst ([MS-PST] 2.2.2.6).
    if (first.starts_with("!BDN")) {
      return input_error(context_.path() + ": is an Outlook file",
                         "make mail of it with readpst -e, and give the directory that it fills");
    }
    return input_error(context_.path() + ": neither an archive nor mail",
                       "give a tar, cpio, zip, 7z, mbox, .eml or directory");
  }

  // Mail, or an archive that is read by seeking and was compressed as a whole.
  static bool is_bare(Bytes first) {
    if (sniff(first.substr(0, sniff_size)) != Content::other) return true;
    const Shape shape = nested_shape_of(first);
    return shape == Shape::zip || shape == Shape::seekable;
  }

  Result<void> report_empty() {
    if (!context_.is_nested()) {
      std::string text = context_.path() + ": is empty";
      if (stream_.damage()) text += ": " + stream_.damage()->text;
      return input_error(std::move(text), "give an archive that holds mail");
    }
    if (stream_.damage() && !context_.is_weak()) {
      stream_.report_damage(context_.source(), 0, {});
    }
    return {};
  }

  // What is in no archive but a compression: one member, which is the whole stream.
  Result<void> walk_bare() {
    Member member{.path = context_.name()};
    if (stream_.is_compressed()) {
      // "mail.mbox.gz" holds "mail.mbox".
      const std::string name = file_name_of(context_.source());
      const std::size_t dot = name.rfind('.');
      member.path += "/" + (dot == 0 ? name : name.substr(0, dot));
    }
    TRY(context_.begin_member(member));
    if (!context_.is_nested()) context_.lift_size_limit();
    bool is_whole = true;
    bool has_gap = false;
    std::uint64_t offset = 0;
    while (is_whole) {
      const Bytes block = TRY(stream_.next_block());
      if (block.empty() && TRY(stream_.go_on())) {
        has_gap = true;
        continue;
      }
      if (block.empty()) break;
      is_whole = context_.admits(block.size(), stream_.stored_bytes(0));
      if (!is_whole) break;
      TRY(context_.member_data({.stream = stream_.id(), .offset = offset, .length = block.size()},
                               block));
      offset += block.size();
    }
    if (stream_.damage()) stream_.report_damage(member.path, offset, {});
    return context_.end_member(is_whole && !has_gap && !stream_.damage());
  }

  WalkContext& context_;
  WholeStream stream_;
};

}  // namespace

Result<void> walk_stream(WalkContext& context) { return StreamWalk(context).run(); }

}  // namespace leakfs::archive
