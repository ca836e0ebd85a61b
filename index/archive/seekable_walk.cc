// SPDX-License-Identifier: GPL-3.0-or-later
// Archives that libarchive reads by seeking: 7z, rar, rar5, iso9660. What they hold is copied,
// because it can be had again only from the start of the archive.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "index/archive/encryption.h"
#include "index/archive/member_reader.h"
#include "index/archive/rar.h"
#include "index/archive/walk_context.h"

namespace leakfs::archive {
namespace {

class SeekableWalk {
 public:
  explicit SeekableWalk(WalkContext& context)
      : context_(context), input_(context.input()), reader_(input_) {}

  Result<void> run() {
    TRY(report_volume());
    while (true) {
      struct archive_entry* entry = nullptr;
      const int code = reader_.next(&entry);
      if (code == ARCHIVE_EOF) return {};
      if (code == ARCHIVE_FATAL) return end_early();
      if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
        context_.loss(context_.source(), 0, "damaged", reader_.error());
      } else {
        TRY(walk_member(entry));
        report_progress();
      }
    }
  }

 private:
  Result<void> report_volume() {
    char head[64] = {};
    const Bytes start(head, TRY(input_.read_some(0, head, sizeof head)));
    if (!is_rar_volume(start)) return {};
    context_.loss(context_.source(), 0, "volume",
                  "it is one of several volumes, and what goes on in another is cut: unpack them "
                  "with another program and give mkleakfs the directory");
    return {};
  }

  Result<void> end_early() {
    if (reader_.has_encrypted()) return report_encrypted();
    if (context_.summary().members == 0) {
      return context_.give_up(
          "damaged", {.status = ExitStatus::input, .text = reader_.error(), .hint = damaged_hint});
    }
    context_.loss(context_.source(), 0, "truncated",
                  "what follows its last member that is listed is lost: " + reader_.error());
    return {};
  }

  // Once, for all members.
  Result<void> report_encrypted() {
    return std::exchange(is_encrypted_, true) ? Result<void>() : report_undecryptable(context_);
  }

  Result<void> walk_member(struct archive_entry* entry) {
    const Member member = member_of(entry, context_.name());
    TRY(context_.begin_member(member));
    if (member.kind != MemberKind::file) return context_.end_member(true);
    return context_.end_member(TRY(read(member)));
  }

  // False if it is damaged.
  Result<bool> read(const Member& member) {
    bool is_whole = true;
    std::uint64_t delivered = 0;
    while (true) {
      Bytes bytes;
      const int code = reader_.read(bytes);
      if (code == ARCHIVE_EOF) return is_whole;
      if (code < ARCHIVE_WARN) {
        if (reader_.is_encrypted()) {
          TRY(report_encrypted());
          return false;
        }
        context_.loss(member.path, delivered, "damaged", reader_.error());
        return false;
      }
      if (code == ARCHIVE_WARN) {
        // The bytes are there, but not those that were packed: a checksum says so.
        is_whole = false;
        context_.loss(member.path, delivered, "damaged", reader_.error());
      }
      // Members are packed together: one may be made of those before.
      if (!context_.admits(bytes.size(), reader_.position())) return false;
      TRY(context_.count_output(bytes.size()));
      TRY(context_.loose_data(bytes));
      delivered += bytes.size();
      report_progress();
    }
  }

  // Seeking makes the count jump, and what is opened again counts anew.
  void report_progress() {
    progress_ = std::max(progress_, std::min(reader_.position(), input_.size()));
    context_.progress(progress_);
  }

  WalkContext& context_;
  const codec::Input& input_;
  MemberReader reader_;
  bool is_encrypted_ = false;  // and that was said
  std::uint64_t progress_ = 0;
};

}  // namespace

Result<void> walk_seekable(WalkContext& context) {
  if (!context.is_copy_wanted(false)) {
    context.begin_loose({.kind = StreamKind::members, .stored_length = context.input().size()});
    note_slow(context);
  }
  return SeekableWalk(context).run();
}

}  // namespace leakfs::archive
