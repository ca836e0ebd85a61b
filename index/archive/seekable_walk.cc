// SPDX-License-Identifier: GPL-3.0-or-later
// Archives that libarchive reads by seeking: 7z, rar, rar5, iso9660. What they hold is copied,
// because it can be had again only from the start of the archive.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "index/archive/encryption.h"
#include "index/archive/members_decoder.h"
#include "index/archive/rar.h"
#include "index/archive/seekable_input.h"
#include "index/archive/walk_context.h"

namespace leakfs::archive {
namespace {

class SeekableWalk {
 public:
  explicit SeekableWalk(WalkContext& context)
      : context_(context),
        input_(context.input()),
        seekable_(input_),
        handle_(seekable_reader()),
        reader_(handle_.get()) {}

  Result<void> run() {
    TRY(report_volume());
    int code = seekable_.open(reader_) == ARCHIVE_OK ? ARCHIVE_OK : ARCHIVE_FATAL;
    while (true) {
      struct archive_entry* entry = nullptr;
      if (code == ARCHIVE_OK) code = archive_read_next_header(reader_, &entry);
      if (code == ARCHIVE_EOF) return {};
      if (code == ARCHIVE_FATAL) return end_early();
      if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
        context_.loss(context_.source(), 0, "damaged", error_text(reader_));
      } else {
        TRY(walk_member(entry));
        report_progress();
      }
      code = ARCHIVE_OK;
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
    if (archive_read_has_encrypted_entries(reader_) > 0) return report_encrypted();
    if (context_.summary().members == 0) {
      return context_.give_up(
          "damaged",
          {.status = ExitStatus::input, .text = error_text(reader_), .hint = damaged_hint});
    }
    context_.loss(context_.source(), 0, "truncated",
                  "what follows its last member that is listed is lost: " + error_text(reader_));
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
    const bool is_encrypted = archive_entry_is_data_encrypted(entry) != 0;
    return context_.end_member(TRY(read(member, is_encrypted)));
  }

  // False if it is damaged.
  Result<bool> read(const Member& member, bool is_encrypted) {
    bool is_whole = true;
    std::uint64_t delivered = 0;
    while (true) {
      const void* data = nullptr;
      std::size_t length = 0;
      la_int64_t offset = 0;
      const int code = archive_read_data_block(reader_, &data, &length, &offset);
      if (code == ARCHIVE_EOF) return is_whole;
      if (code == ARCHIVE_RETRY) continue;
      if (code < ARCHIVE_WARN) {
        if (is_encrypted && delivered == 0) {
          TRY(report_encrypted());
          return false;
        }
        context_.loss(member.path, delivered, "damaged",
                      "it is damaged, or packed in a way that cannot be decoded here: " +
                          error_text(reader_));
        return false;
      }
      if (code == ARCHIVE_WARN) {
        // The bytes are there, but not those that were packed: a checksum says so.
        is_whole = false;
        context_.loss(member.path, delivered, "damaged", error_text(reader_));
      }
      const Bytes bytes(static_cast<const char*>(data), length);
      // Members are packed together: one may be made of those before.
      if (!context_.admits(length, position())) return false;
      TRY(context_.count_output(length));
      TRY(context_.loose_data(bytes));
      delivered += length;
      report_progress();
    }
  }

  // In the archive.
  std::uint64_t position() const {
    return static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(reader_, -1)));
  }

  // Seeking makes the count jump; it never goes back here.
  void report_progress() {
    progress_ = std::max(progress_, std::min(position(), input_.size()));
    context_.progress(progress_);
  }

  WalkContext& context_;
  const codec::Input& input_;
  SeekableInput seekable_;
  const ReaderHandle handle_;
  struct archive* const reader_;
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
