// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/packed_walk.h"

#include <algorithm>
#include <cerrno>
#include <functional>

#include <fmt/format.h>

#include "index/archive/tar_search.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t held_max = 10'000;  // names that wait for their bytes

bool is_zeros(Bytes bytes) {
  return std::ranges::all_of(bytes, [](char byte) { return byte == '\0'; });
}

}  // namespace

Result<void> PackedWalk::run(std::uint64_t begin) {
  member_end_ = 0;
  if (begin > 0) unreadable_ = "its header is damaged";
  while (true) {
    report_unreadable(begin);
    TRY(read_from(begin));
    if (is_last_) break;
    if (!is_tar_ || !TRY(find_next(begin))) break;
    begin = base_;
  }
  TRY(release(nullptr));
  return drain();
}

// Up to the end of the archive, or to what libarchive cannot read.
Result<void> PackedWalk::read_from(std::uint64_t begin) {
  const ReaderHandle handle(archive_read_new());
  reader_ = handle.get();
  base_ = next_ = header_ = begin;
  block_ = {};
  is_last_ = false;
  archive_read_support_format_tar(reader_);
  archive_read_support_format_cpio(reader_);
  // Several tars end to end are one (mail exports are made with tar --append and cat).
  archive_read_set_option(reader_, "tar", "read_concatenated_archives", "1");
  int code = archive_read_open2(reader_, this, nullptr, read_block, nullptr, nullptr);
  while (true) {
    struct archive_entry* entry = nullptr;
    if (code == ARCHIVE_OK) code = archive_read_next_header(reader_, &entry);
    if (failure_) return std::unexpected(*failure_);
    is_last_ = code == ARCHIVE_EOF;
    if (is_last_) break;
    // RETRY is a damaged header: nothing of the entry can be believed, the next may be whole.
    if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
      if (!unreadable_) unreadable_ = error_text(reader_);
      if (is_tar_) break;
      code = ARCHIVE_OK;
      continue;
    }
    if (code == ARCHIVE_FATAL) {
      if (stream_.damage()) break;
      if (!is_tar_) stream_.report_damage(context_.source(), position(), error_text(reader_));
      if (is_tar_ && !unreadable_) unreadable_ = error_text(reader_);
      break;
    }
    report_unreadable(base_ + static_cast<std::uint64_t>(archive_read_header_position(reader_)));
    // A cpio that goes on behind a gap says so without an error number; other warnings are about
    // names.
    if (code == ARCHIVE_WARN && !is_tar_ && archive_errno(reader_) == 0) {
      context_.loss(context_.source(), member_end_, "damaged", error_text(reader_));
    }
    header_ = base_ + static_cast<std::uint64_t>(archive_read_header_position(reader_));
    TRY(walk_entry(entry));
    member_end_ = position();
    code = ARCHIVE_OK;
  }
  member_end_ = std::max(member_end_, begin);
  next_ = position();
  reader_ = nullptr;
  return {};
}

// Where a header is from which it can go on. False if there is none.
Result<bool> PackedWalk::find_next(std::uint64_t begin) {
  const std::uint64_t back = member_end_ - std::min(member_end_, tar_search_back);
  std::uint64_t from = std::max(back, header_ + (header_ == begin ? 1 : tar_record));
  while (true) {
    const auto found = TRY(find_tar_header(stream_, from, UINT64_MAX));
    if (found) {
      base_ = *found;
      return true;
    }
    from = stream_.length();
    if (!TRY(stream_.go_on())) return false;
  }
}

la_ssize_t PackedWalk::read_block(struct archive* reader, void* self, const void** data) {
  auto* walk = static_cast<PackedWalk*>(self);
  const Result<Bytes> block = walk->next_block();
  if (!block) {
    walk->failure_ = block.error();
    archive_set_error(reader, EIO, "%s", "stopped");
    return -1;
  }
  *data = block->data();
  return static_cast<la_ssize_t>(block->size());
}

Result<Bytes> PackedWalk::next_block() {
  block_at_ = next_;
  block_ = next_ < stream_.length() ? stream_.rest_from(next_) : TRY(stream_.next_block());
  next_ += block_.size();
  return block_;
}

// One row for all the bytes in a row that are no member.
void PackedWalk::report_unreadable(std::uint64_t end) {
  if (!unreadable_) return;
  const std::string where =
      end > member_end_
          ? fmt::format("{} bytes up to byte {} are no member", end - member_end_, end)
          : fmt::format("the next member begins within the last, at byte {}", end);
  context_.loss(context_.source(), member_end_, "damaged",
                fmt::format("{}, and the one before may not be whole: {}", where, *unreadable_));
  unreadable_.reset();
}

Result<void> PackedWalk::walk_entry(struct archive_entry* entry) {
  const Member member = member_of(entry, context_.name());
  if (!is_tar_ && TRY(hold_back(member, entry))) return {};
  return walk_member(member, entry);
}

Result<void> PackedWalk::walk_member(const Member& member, struct archive_entry* entry) {
  TRY(context_.begin_member(member));
  const bool is_file = member.kind == MemberKind::file;
  return context_.end_member(!is_file || TRY(walk_data(member, entry)));
}

// False if it is not whole.
Result<bool> PackedWalk::walk_data(const Member& member, struct archive_entry* entry) {
  const bool is_sparse = archive_entry_sparse_count(entry) > 0;
  input_before_ = stream_.input_bytes();
  std::optional<std::uint64_t> end;  // where the next bytes of the member must be
  bool is_loose = is_sparse;
  std::uint64_t delivered = 0;
  while (true) {
    const void* data = nullptr;
    std::size_t length = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(reader_, &data, &length, &offset);
    if (failure_) return std::unexpected(*failure_);
    if (code == ARCHIVE_EOF) break;
    if (code == ARCHIVE_RETRY) continue;
    if (code < ARCHIVE_WARN) {
      stream_.report_damage(member.path, delivered, error_text(reader_));
      return false;
    }
    if (is_sparse && !TRY(fill_hole(delivered, static_cast<std::uint64_t>(offset)))) return false;
    if (!context_.admits(length, stream_.stored_bytes(input_before_))) return false;
    TRY(deliver(member, Bytes(static_cast<const char*>(data), length), is_loose, end));
    delivered += length;
  }
  if (!is_sparse) return true;
  const la_int64_t size = std::max<la_int64_t>(0, archive_entry_size(entry));
  return fill_hole(delivered, static_cast<std::uint64_t>(size));
}

Result<void> PackedWalk::deliver(const Member& member, Bytes bytes, bool& is_loose,
                                 std::optional<std::uint64_t>& end) {
  const std::optional<std::uint64_t> at = is_loose ? std::nullopt : place_of(bytes);
  if (!end && !at) is_loose = true;
  if (is_loose) return context_.loose_data(bytes);
  if (!at || (end && *at != *end)) {
    return internal_error(member.path + ": its bytes are not where they should be");
  }
  end = *at + bytes.size();
  return context_.member_data({.stream = stream_.id(), .offset = *at, .length = bytes.size()},
                              bytes);
}

// The holes of a sparse file are zeros that no archive holds. False if they are too many.
Result<bool> PackedWalk::fill_hole(std::uint64_t& delivered, std::uint64_t end) {
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

// cpio(5), "New ASCII Format": of several names of a file, the last has its bytes. The others are
// links to it. True if the entry waits.
Result<bool> PackedWalk::hold_back(const Member& member, struct archive_entry* entry) {
  if (archive_entry_nlink(entry) < 2 || archive_entry_filetype(entry) != AE_IFREG) return false;
  const HeldName name{
      .member = member, .device = archive_entry_dev(entry), .inode = archive_entry_ino64(entry)};
  const bool is_known = std::ranges::any_of(held_, [&name](const HeldName& held) {
    return held.device == name.device && held.inode == name.inode;
  });
  if (archive_entry_size(entry) > 0) {
    if (is_known) TRY(release(&name));
    return false;
  }
  // A link is one already: its bytes came before.
  if (member.kind == MemberKind::link && !is_known) return false;
  if (held_.size() >= held_max) TRY(release(nullptr));
  held_.push_back(name);
  return true;
}

// Those names that `content` has the bytes of; if it is null all, which are files without any.
Result<void> PackedWalk::release(const HeldName* content) {
  std::vector<HeldName> rest;
  for (HeldName& held : held_) {
    if (content != nullptr && (held.device != content->device || held.inode != content->inode)) {
      rest.push_back(std::move(held));
      continue;
    }
    if (content != nullptr) {
      held.member.kind = MemberKind::link;
      held.member.link_target = content->member.path;
    }
    TRY(context_.begin_member(held.member));
    TRY(context_.end_member(true));
  }
  held_ = std::move(rest);
  return {};
}

// Where in the stream bytes are that libarchive gave us: within our block by their address, else by
// its count of consumed bytes, if the same bytes are there.
std::optional<std::uint64_t> PackedWalk::place_of(Bytes bytes) const {
  if (bytes.empty()) return position();
  const std::less<> before;
  if (!before(bytes.data(), block_.data()) &&
      !before(block_.data() + block_.size(), bytes.data() + bytes.size())) {
    return block_at_ + static_cast<std::uint64_t>(bytes.data() - block_.data());
  }
  const std::optional<Bytes> there = stream_.recent(position(), bytes.size());
  if (there && *there == bytes) return position();
  return std::nullopt;
}

std::uint64_t PackedWalk::position() const {
  if (reader_ == nullptr) return next_;
  return base_ +
         static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(reader_, 0)));
}

// Reads what follows the end mark, so that a copied stream is whole and damage there is seen.
Result<void> PackedWalk::drain() {
  const std::uint64_t end_position = position();
  bool is_zero = unreadable_ || is_rest_zero(end_position);
  do {
    while (true) {
      const Bytes block = TRY(stream_.next_block());
      if (block.empty()) break;
      is_zero = is_zero && is_zeros(block);
    }
  } while (TRY(stream_.go_on()));
  report_unreadable(stream_.length());
  // libarchive takes the end of the file for the end of the archive.
  if (is_tar_ && is_last_ && end_position < member_end_ + tar_record && !stream_.damage()) {
    context_.loss(context_.source(), stream_.length(), "truncated",
                  "the archive has no end mark; it may have been cut");
  } else if (is_tar_ && is_last_ && is_zero && stream_.length() % tar_record != 0) {
    // A tar has no checksum of what members hold; this is all that tells.
    context_.loss(
        context_.source(), member_end_, "damaged",
        fmt::format("a tar is a multiple of {} bytes, and this has {}: some are missing or "
                    "too many, and the last member may not be whole",
                    tar_record, stream_.length()));
  }
  if (is_last_ && !is_zero) {
    context_.loss(context_.source(), end_position, "trailing",
                  "bytes that are no member follow the end of the archive");
  }
  if (stream_.damage()) stream_.report_damage(context_.source(), end_position, {});
  return {};
}

// Whether the bytes that were decoded and that libarchive did not want are zeros.
bool PackedWalk::is_rest_zero(std::uint64_t at) const {
  while (at < stream_.length()) {
    const Bytes piece = stream_.rest_from(at);
    if (piece.empty()) return true;
    if (!is_zeros(piece)) return false;
    at += piece.size();
  }
  return true;
}

}  // namespace leakfs::archive
