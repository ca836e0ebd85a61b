// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that are read from front to back: tar and cpio, compressed or not, and mail without any
// archive around it. Members are extents of the decompressed stream.
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "index/archive/handle.h"
#include "index/archive/shape.h"
#include "index/archive/sniff.h"
#include "index/archive/walk_context.h"
#include "index/archive/whole_stream.h"
#include "index/base/file.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t tar_record = 512;

bool is_zeros(Bytes bytes) {
  return std::ranges::all_of(bytes, [](char byte) { return byte == '\0'; });
}

class StreamWalk {
 public:
  explicit StreamWalk(WalkContext& context) : context_(context), stream_(context) {}

  Result<void> run() {
    if (!TRY(stream_.open())) return {};
    const Bytes first = stream_.first();
    if (first.empty()) return report_empty();
    is_tar_ = is_tar(first);
    const bool is_archive =
        is_tar_ || (context_.is_nested() ? is_cpio(first) : has_cpio_magic(first));
    if (!is_archive && !is_bare(first)) {
      // A member of another archive is the file that it is.
      if (context_.is_nested()) return {};
      return input_error(context_.path() + ": neither an archive nor mail",
                         "give a tar, cpio, zip, 7z, mbox, .eml or directory");
    }
    if (context_.is_too_deep()) return {};
    TRY(stream_.begin());
    const Result<void> walked = is_archive ? walk_members() : walk_bare();
    // What came before the walk was ended is read again by its sums.
    TRY(stream_.end());
    return walked;
  }

 private:
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
    std::uint64_t offset = 0;
    while (is_whole) {
      const Bytes block = TRY(stream_.next_block());
      if (block.empty()) break;
      is_whole = context_.admits(block.size(), stream_.stored_bytes(0));
      if (!is_whole) break;
      TRY(context_.member_data({.stream = stream_.id(), .offset = offset, .length = block.size()},
                               block));
      offset += block.size();
    }
    if (stream_.damage()) stream_.report_damage(member.path, offset, {});
    return context_.end_member(is_whole && !stream_.damage());
  }

  static la_ssize_t read_block(struct archive* reader, void* self, const void** data) {
    auto* walk = static_cast<StreamWalk*>(self);
    Result<Bytes> block = walk->stream_.next_block();
    if (!block) {
      walk->failure_ = std::move(block).error();
      archive_set_error(reader, EIO, "%s", "stopped");
      return -1;
    }
    walk->block_ = *block;
    *data = block->data();
    return static_cast<la_ssize_t>(block->size());
  }

  Result<void> walk_members() {
    const ReaderHandle handle(archive_read_new());
    reader_ = handle.get();
    archive_read_support_format_tar(reader_);
    archive_read_support_format_cpio(reader_);
    // Several tars end to end are one (mail exports are made with tar --append and cat).
    archive_read_set_option(reader_, "tar", "read_concatenated_archives", "1");
    int code = archive_read_open2(reader_, this, nullptr, read_block, nullptr, nullptr);
    while (code != ARCHIVE_EOF) {
      struct archive_entry* entry = nullptr;
      code = archive_read_next_header(reader_, &entry);
      if (failure_) return std::unexpected(*failure_);
      if (code == ARCHIVE_EOF) break;
      // RETRY is a damaged header: nothing of the entry can be believed, the next may be whole.
      if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
        if (!unreadable_) unreadable_ = Unreadable{member_end_, error_text(reader_)};
        continue;
      }
      report_unreadable();
      if (code == ARCHIVE_FATAL) {
        stream_.report_damage(context_.source(), position(), error_text(reader_));
        return {};
      }
      // A cpio that goes on behind a gap says so without an error number; other warnings are about
      // names.
      if (code == ARCHIVE_WARN && !is_tar_ && archive_errno(reader_) == 0) {
        context_.loss(context_.source(), member_end_, "damaged", error_text(reader_));
      }
      TRY(walk_member(entry));
      member_end_ = position();
    }
    report_unreadable();
    return drain();
  }

  // One row for all the records in a row that are no header.
  void report_unreadable() {
    if (!unreadable_) return;
    context_.loss(context_.source(), unreadable_->offset, "damaged",
                  fmt::format("{} bytes up to byte {} are no member: {}",
                              position() - unreadable_->offset, position(), unreadable_->why));
    unreadable_.reset();
  }

  Result<void> walk_member(struct archive_entry* entry) {
    const Member member = member_of(entry, context_.name());
    TRY(context_.begin_member(member));
    const bool is_sparse = archive_entry_sparse_count(entry) > 0;
    input_before_ = stream_.input_bytes();
    std::optional<std::uint64_t> end;  // where the next bytes of the member must be
    bool is_loose = is_sparse;
    bool is_whole = true;
    std::uint64_t delivered = 0;
    while (member.kind == MemberKind::file) {
      const void* data = nullptr;
      std::size_t length = 0;
      la_int64_t offset = 0;
      const int code = archive_read_data_block(reader_, &data, &length, &offset);
      if (failure_) return std::unexpected(*failure_);
      if (code == ARCHIVE_EOF) break;
      if (code == ARCHIVE_RETRY) continue;
      if (code < ARCHIVE_WARN) {
        is_whole = false;
        stream_.report_damage(member.path, delivered, error_text(reader_));
        break;
      }
      const Bytes bytes(static_cast<const char*>(data), length);
      if (is_sparse) is_whole = TRY(fill_hole(delivered, static_cast<std::uint64_t>(offset)));
      is_whole = is_whole && context_.admits(length, stream_.stored_bytes(input_before_));
      if (!is_whole) break;
      const std::optional<std::uint64_t> at = is_loose ? std::nullopt : place_of(bytes);
      if (!end && !at) is_loose = true;
      if (is_loose) {
        TRY(context_.loose_data(bytes));
      } else if (!at || (end && *at != *end)) {
        return internal_error(member.path + ": its bytes are not where they should be");
      } else {
        TRY(context_.member_data({.stream = stream_.id(), .offset = *at, .length = length}, bytes));
        end = *at + length;
      }
      delivered += length;
    }
    if (is_sparse && is_whole) {
      const la_int64_t size = std::max<la_int64_t>(0, archive_entry_size(entry));
      is_whole = TRY(fill_hole(delivered, static_cast<std::uint64_t>(size)));
    }
    return context_.end_member(is_whole);
  }

  // The holes of a sparse file are zeros that no archive holds. False if they are too many.
  Result<bool> fill_hole(std::uint64_t& delivered, std::uint64_t end) {
    static const ByteString zeros(64 << 10, '\0');
    while (delivered < end) {
      const std::size_t length = std::min<std::uint64_t>(zeros.size(), end - delivered);
      if (!context_.admits(length, stream_.stored_bytes(input_before_))) return false;
      TRY(context_.count_output(length));
      TRY(context_.loose_data(Bytes(zeros).substr(0, length)));
      delivered += length;
    }
    return true;
  }

  // Where in the stream bytes are that libarchive gave us: within our block by their address, else
  // by its count of consumed bytes, if the same bytes are there.
  std::optional<std::uint64_t> place_of(Bytes bytes) const {
    if (bytes.empty()) return position();
    const std::less<> before;
    if (!before(bytes.data(), block_.data()) &&
        !before(block_.data() + block_.size(), bytes.data() + bytes.size())) {
      return stream_.length() - block_.size() +
             static_cast<std::uint64_t>(bytes.data() - block_.data());
    }
    const std::optional<Bytes> there = stream_.recent(position(), bytes.size());
    if (there && *there == bytes) return position();
    return std::nullopt;
  }

  std::uint64_t position() const {
    return static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(reader_, 0)));
  }

  // Reads what follows the end mark, so that a copied stream is whole and damage there is seen.
  Result<void> drain() {
    const std::uint64_t end_position = position();
    bool is_zero = is_rest_zero(end_position);
    while (true) {
      const Bytes block = TRY(stream_.next_block());
      if (block.empty()) break;
      is_zero = is_zero && is_zeros(block);
    }
    // libarchive takes the end of the file for the end of the archive.
    if (is_tar_ && end_position < member_end_ + tar_record && !stream_.damage()) {
      context_.loss(context_.source(), stream_.length(), "truncated",
                    "the archive has no end mark; it may have been cut");
    }
    if (!is_zero) {
      context_.loss(context_.source(), position(), "trailing",
                    "bytes that are no member follow the end of the archive");
    }
    if (stream_.damage()) stream_.report_damage(context_.source(), position(), {});
    return {};
  }

  // Whether the bytes that were decoded and that libarchive did not want are zeros.
  bool is_rest_zero(std::uint64_t at) const {
    while (at < stream_.length()) {
      const std::size_t length =
          std::min(stream_.length() - at, decoder_block_size - at % decoder_block_size);
      const std::optional<Bytes> piece = stream_.recent(at, length);
      if (piece && !is_zeros(*piece)) return false;
      at += length;
    }
    return true;
  }

  WalkContext& context_;
  WholeStream stream_;
  bool is_tar_ = false;
  Bytes block_;
  // Bytes where a header should be.
  struct Unreadable {
    std::uint64_t offset = 0;
    std::string why;
  };
  std::optional<Unreadable> unreadable_;
  std::uint64_t input_before_ = 0;  // bytes of the input read before the member
  std::uint64_t member_end_ = 0;    // behind the bytes of the last member and their padding
  struct archive* reader_ = nullptr;
  std::optional<Error> failure_;  // the visitor's, on its way through libarchive
};

}  // namespace

Result<void> walk_stream(WalkContext& context) { return StreamWalk(context).run(); }

}  // namespace leakfs::archive
