// SPDX-License-Identifier: GPL-3.0-or-later
// Archives that libarchive reads by seeking: zip, 7z, rar, rar5, iso9660. A member of a zip is a
// stream of its own in the file; what the others hold is copied, because it can be had again only
// from the start of the archive.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "index/archive/block_sums.h"
#include "index/archive/members_decoder.h"
#include "index/archive/seekable_input.h"
#include "index/archive/walk_context.h"
#include "index/archive/zip_directory.h"
#include "index/codec/crc32.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t piece_size = 256 << 10;  // decoded at once

class SeekableWalk {
 public:
  // `directory` is that of a zip.
  SeekableWalk(WalkContext& context, std::optional<ZipDirectory> directory)
      : context_(context),
        input_(context.input()),
        seekable_(input_),
        is_zip_(directory.has_value()),
        directory_(std::move(directory)),
        sums_(context.visitor()),
        buffer_(piece_size, '\0') {}

  Result<void> run() {
    int code = open();
    std::size_t found = 0;
    while (true) {
      struct archive_entry* entry = nullptr;
      if (code == ARCHIVE_OK) code = archive_read_next_header(reader_, &entry);
      if (code == ARCHIVE_EOF) return report_unreached(found);
      if (code == ARCHIVE_FATAL && found == 0 && directory_) {
        // The local headers of a zip may be whole where its directory is not.
        context_.loss(context_.source(), 0, "damaged",
                      error_text(reader_) + "; its members were read one after the other");
        directory_.reset();
        code = open_salvaging();
        continue;
      }
      if (code == ARCHIVE_FATAL) return end_early();
      if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
        context_.loss(context_.source(), 0, "damaged", error_text(reader_));
      } else {
        ++found;
        TRY(walk_member(entry));
        report_progress(0);
      }
      code = ARCHIVE_OK;
    }
  }

 private:
  int open() {
    handle_ = seekable_reader();
    archive_read_support_format_zip(handle_.get());
    return start();
  }

  int open_salvaging() {
    handle_.reset(archive_read_new());
    archive_read_support_format_zip_streamable(handle_.get());
    return start();
  }

  int start() {
    reader_ = handle_.get();
    if (context_.options().passphrase) {
      archive_read_add_passphrase(reader_, context_.options().passphrase->c_str());
    }
    return seekable_.open(reader_) == ARCHIVE_OK ? ARCHIVE_OK : ARCHIVE_FATAL;
  }

  // libarchive makes one member of directory entries that share their bytes.
  Result<void> report_unreached(std::size_t found) {
    if (directory_ && directory_->size() > found) {
      context_.loss(context_.source(), 0, "damaged",
                    fmt::format("{} of {} members in the zip's directory could not be reached",
                                directory_->size() - found, directory_->size()));
    }
    return {};
  }

  Result<void> end_early() {
    if (context_.summary().members == 0) {
      if (archive_read_has_encrypted_entries(reader_) > 0) return report_encrypted();
      return context_.give_up(
          "damaged",
          {.status = ExitStatus::input, .text = error_text(reader_), .hint = damaged_hint});
    }
    context_.loss(context_.source(), 0, "truncated", error_text(reader_));
    return {};
  }

  // Once, for all members.
  Result<void> report_encrypted() {
    if (std::exchange(is_encrypted_, true)) return {};
    Error error{.status = ExitStatus::passphrase, .text = "is encrypted"};
    const int format = archive_format(reader_) & ARCHIVE_FORMAT_BASE_MASK;
    if (format != ARCHIVE_FORMAT_ZIP) {
      error.hint = "decrypt it first: of encrypted archives only zip can be read";
    } else if (context_.options().passphrase) {
      error.text = "the passphrase does not open it";
      error.hint = "the passphrase is the first line of its file, without the line end";
    } else {
      error.hint =
          "name a file that holds the passphrase: mkleakfs --passphrase-file FILE, or "
          "leakfs -o passphrase_file=FILE";
    }
    return context_.give_up("encrypted", std::move(error));
  }

  Result<void> walk_member(struct archive_entry* entry) {
    const Member member = member_of(entry, context_.name());
    std::optional<ZipMember> known;
    const char* stored_name = archive_entry_pathname(entry);
    if (directory_ && stored_name != nullptr) known = directory_->take(input_, stored_name);
    TRY(context_.begin_member(member));
    if (member.kind != MemberKind::file) return context_.end_member(true);
    const bool is_whole = known ? TRY(decode(member, *known))
                                : TRY(read(member, archive_entry_is_data_encrypted(entry) != 0));
    return context_.end_member(is_whole);
  }

  // A member of a zip whose place is known, which gives the places to start again within it.
  // libarchive passes over it. False if it is damaged.
  Result<bool> decode(const Member& member, const ZipMember& known) {
    const StreamPlan& plan = known.plan;
    const codec::RangeInput range(input_, plan.offset, plan.stored_length);
    const bool is_copied = context_.is_copy_wanted(true);
    StreamId stream;
    std::unique_ptr<codec::Decoder> decoder = codec::open_plain(range);
    if (plan.kind == StreamKind::deflate) {
      codec::PointVisitor visitor = [&](codec::RestartPoint point) {
        sums_.point(point.offset);
        return context_.restart_point(stream, std::move(point));
      };
      if (is_copied) visitor = {};
      decoder = TRY(codec::open(codec::Format::deflate, range, std::move(visitor)));
    }
    std::uint64_t delivered = 0;
    std::uint32_t crc32 = 0;
    while (true) {
      const Bytes bytes(buffer_.data(), TRY(decoder->read(buffer_.data(), buffer_.size())));
      if (bytes.empty()) break;
      if (!context_.admits(bytes.size(), decoder->input_bytes())) {
        TRY(sums_.end());
        return false;
      }
      TRY(context_.count_output(bytes.size()));
      crc32 = codec::crc32(crc32, bytes);
      if (is_copied) {
        TRY(context_.loose_data(bytes));
      } else {
        if (delivered == 0) {
          stream = TRY(context_.begin_stream(plan));
          sums_.begin(stream);
        }
        TRY(sums_.add(bytes));
        TRY(context_.member_data({.stream = stream, .offset = delivered, .length = bytes.size()},
                                 bytes));
      }
      delivered += bytes.size();
      report_progress(plan.offset + decoder->input_bytes());
    }
    TRY(sums_.end());
    std::string why;
    if (decoder->damage()) {
      why = decoder->damage()->text;
    } else if (delivered != plan.length) {
      why = fmt::format("it has {} bytes, and the zip promises {}", delivered, plan.length);
    } else if (crc32 != known.crc32) {
      why = "its checksum is wrong: the bytes are not those that were packed";
    }
    if (!why.empty()) context_.loss(member.path, delivered, "damaged", why);
    return why.empty();
  }

  // What only libarchive can decode. False if it is damaged.
  Result<bool> read(const Member& member, bool is_encrypted) {
    const std::uint64_t start = position();
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
        context_.loss(member.path, delivered, "damaged", error_text(reader_));
        return false;
      }
      if (code == ARCHIVE_WARN) {
        // The bytes are there, but not those that were packed: a checksum says so.
        is_whole = false;
        context_.loss(member.path, delivered, "damaged", error_text(reader_));
      }
      const Bytes bytes(static_cast<const char*>(data), length);
      // In all but a zip, members are packed together: one may be made of those before.
      const std::uint64_t stored = position() - (is_zip_ ? start : 0);
      if (!context_.admits(length, stored)) return false;
      TRY(context_.count_output(length));
      TRY(context_.loose_data(bytes));
      delivered += length;
      report_progress(0);
    }
  }

  // In the archive.
  std::uint64_t position() const {
    return static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(reader_, -1)));
  }

  // Seeking makes the count jump; it never goes back here.
  void report_progress(std::uint64_t read) {
    read = std::max(read, position());
    progress_ = std::max(progress_, std::min(read, input_.size()));
    context_.progress(progress_);
  }

  WalkContext& context_;
  const codec::Input& input_;
  SeekableInput seekable_;
  const bool is_zip_;
  std::optional<ZipDirectory> directory_;
  BlockSums sums_;  // of the current member, if it is not copied
  ReaderHandle handle_;
  struct archive* reader_ = nullptr;
  bool is_encrypted_ = false;  // and that was said
  std::uint64_t progress_ = 0;
  ByteString buffer_;
};

}  // namespace

Result<void> walk_zip(WalkContext& context) {
  std::optional<ZipDirectory> directory = TRY(ZipDirectory::read(context.input()));
  if (!directory) {
    context.loss(context.source(), 0, "truncated",
                 "the zip has no directory at its end; its members were read one after the other");
  }
  return SeekableWalk(context, std::move(directory)).run();
}

Result<void> walk_seekable(WalkContext& context) {
  if (!context.is_copy_wanted(false)) {
    context.begin_loose({.kind = StreamKind::members, .stored_length = context.input().size()});
    note_slow(context);
  }
  return SeekableWalk(context, std::nullopt).run();
}

}  // namespace leakfs::archive
