// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that are read from front to back: tar and cpio, compressed or not, and mail without any
// archive around it. Members are extents of the decompressed stream.
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "index/archive/block_reader.h"
#include "index/archive/filter_decoder.h"
#include "index/archive/handle.h"
#include "index/archive/sniff.h"
#include "index/archive/walk_context.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t tar_record = 512;

// POSIX.1 pax format: the checksum is the sum of the header's bytes, its own field as blanks.
bool is_tar(Bytes head) {
  if (head.size() < tar_record || head[0] == '\0') return false;
  constexpr std::size_t field = 148;
  constexpr std::size_t field_length = 8;
  unsigned sum = 0;
  for (std::size_t i = 0; i < tar_record; ++i) {
    const bool is_own = i >= field && i < field + field_length;
    sum += is_own ? ' ' : static_cast<unsigned char>(head[i]);
  }
  unsigned stored = 0;
  for (const char c : head.substr(field, field_length)) {
    if (c >= '0' && c <= '7')
      stored = stored * 8 + static_cast<unsigned>(c - '0');
    else if (c != ' ')
      break;
  }
  return sum == stored;
}

bool is_zeros(Bytes bytes) {
  return std::ranges::all_of(bytes, [](char byte) { return byte == '\0'; });
}

bool is_cpio(Bytes head) {
  return head.starts_with("070701") || head.starts_with("070702") || head.starts_with("070707") ||
         head.starts_with("\xc7\x71") || head.starts_with("\x71\xc7");
}

class StreamWalk {
 public:
  StreamWalk(WalkContext& context, const codec::Input& input) : context_(context), input_(input) {}

  Result<void> run() {
    StreamPlan plan = TRY_WITHIN(context_.path(), open_decoder());
    BlockReader blocks(*decoder_);
    blocks_ = &blocks;
    first_ = TRY(blocks.next());
    if (first_.empty()) {
      const std::optional<codec::Damage>& damage = decoder_->damage();
      return input_error(context_.path() + ": is empty" + (damage ? ": " + damage->text : ""),
                         "give an archive that holds mail");
    }
    is_tar_ = is_tar(first_);
    const bool is_archive = is_tar_ || is_cpio(first_);
    if (!is_archive && sniff(first_.substr(0, sniff_size)) == Content::other) {
      return input_error(context_.path() + ": neither an archive nor mail",
                         "give a tar, cpio, zip, 7z, mbox, .eml or directory");
    }
    is_copied_ = plan.kind == StreamKind::copied;
    stream_ = TRY(context_.begin_stream(plan));
    if (is_archive) return walk_members();
    return walk_bare();
  }

 private:
  // The decoder of the stream, and how it can be had again.
  Result<StreamPlan> open_decoder() {
    StreamPlan plan{.stored_length = input_.size()};
    char head[64] = {};
    const Bytes start(head, TRY(input_.read_some(0, head, sizeof head)));
    const std::optional<codec::Format> format = codec::format_of(start);
    const int filters = std::max(count_filters(input_), format ? 1 : 0);
    if (filters > filters_max) {
      return input_error("more than 3 compressions within one another", "decompress it first");
    }
    is_compressed_ = filters > 0;
    bool has_near_points = filters == 0;
    if (filters == 1 && format) {
      plan.kind = kind_of(*format);
      has_near_points = TRY(codec::has_near_points(*format, input_));
    } else {
      plan.kind = filters == 0 ? StreamKind::stored : StreamKind::filtered;
    }
    const bool is_copied = context_.is_copy_wanted(has_near_points);
    if (format && filters == 1) {
      decoder_ = TRY(codec::open(*format, input_, is_copied ? codec::PointVisitor() : visitor()));
    } else {
      decoder_ = TRY(open_stream(plan.kind, input_, {}));
    }
    if (!is_copied && !has_near_points) note_slow(context_);
    if (is_copied) return StreamPlan{.kind = StreamKind::copied};
    if (plan.kind == StreamKind::stored) plan.length = input_.size();
    return plan;
  }

  // Points come behind the first block, when the stream has its number.
  codec::PointVisitor visitor() {
    return [this](codec::RestartPoint point) {
      return context_.restart_point(stream_, std::move(point));
    };
  }

  // The next block of the stream; the first was read to see what it is.
  Result<Bytes> next_block() {
    Bytes block = first_;
    if (is_first_) {
      is_first_ = false;
    } else {
      block = TRY(blocks_->next());
    }
    if (is_copied_ && !block.empty()) TRY(context_.visitor().stream_data(stream_, block));
    context_.progress(decoder_->input_bytes());
    stream_length_ += block.size();
    return block;
  }

  // Mail without an archive: one member, which is the whole stream.
  Result<void> walk_bare() {
    Member member{.path = context_.name()};
    if (is_compressed_) {
      // "mail.mbox.gz" holds "mail.mbox".
      member.path += "/" + context_.name().substr(0, context_.name().rfind('.'));
    }
    TRY(context_.begin_member(member));
    std::uint64_t offset = 0;
    while (true) {
      const Bytes block = TRY(next_block());
      if (block.empty()) break;
      TRY(context_.member_data({.stream = stream_, .offset = offset, .length = block.size()},
                               block));
      offset += block.size();
    }
    if (decoder_->damage()) report_damage(member.path, offset, {});
    return context_.end_member(!decoder_->damage());
  }

  static la_ssize_t read_block(struct archive* reader, void* self, const void** data) {
    auto* walk = static_cast<StreamWalk*>(self);
    Result<Bytes> block = walk->next_block();
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
        report_damage(context_.name(), position(), error_text(reader_));
        return {};
      }
      // A cpio that goes on behind a gap says so without an error number; other warnings are about
      // names.
      if (code == ARCHIVE_WARN && !is_tar_ && archive_errno(reader_) == 0) {
        context_.loss(context_.name(), member_end_, "damaged", error_text(reader_));
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
    context_.loss(context_.name(), unreadable_->offset, "damaged",
                  fmt::format("{} bytes up to byte {} are no member: {}",
                              position() - unreadable_->offset, position(), unreadable_->why));
    unreadable_.reset();
  }

  Result<void> walk_member(struct archive_entry* entry) {
    const Member member = member_of(entry, context_.name());
    TRY(context_.begin_member(member));
    const bool is_sparse = archive_entry_sparse_count(entry) > 0;
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
        report_damage(member.path, delivered, error_text(reader_));
        break;
      }
      const Bytes bytes(static_cast<const char*>(data), length);
      if (is_sparse) TRY(fill_hole(delivered, static_cast<std::uint64_t>(offset)));
      if (delivered + length > member_size_max) {
        is_whole = false;
        context_.loss(member.path, delivered, "member", member_size_text);
        break;
      }
      const std::optional<std::uint64_t> at = is_loose ? std::nullopt : place_of(bytes);
      if (!end && !at) is_loose = true;
      if (is_loose) {
        TRY(context_.loose_data(bytes));
      } else if (!at || (end && *at != *end)) {
        return internal_error(member.path + ": its bytes are not where they should be");
      } else {
        TRY(context_.member_data({.stream = stream_, .offset = *at, .length = length}, bytes));
        end = *at + length;
      }
      delivered += length;
    }
    if (is_sparse && is_whole) {
      TRY(fill_hole(delivered, static_cast<std::uint64_t>(archive_entry_size(entry))));
    }
    return context_.end_member(is_whole);
  }

  // The holes of a sparse file are zeros that no archive holds.
  Result<void> fill_hole(std::uint64_t& delivered, std::uint64_t end) {
    static const ByteString zeros(64 << 10, '\0');
    end = std::min(end, member_size_max);
    while (delivered < end) {
      const std::size_t length = std::min<std::uint64_t>(zeros.size(), end - delivered);
      TRY(context_.loose_data(Bytes(zeros).substr(0, length)));
      delivered += length;
    }
    return {};
  }

  // Where in the stream bytes are that libarchive gave us: within our block by their address, else
  // by its count of consumed bytes, if the same bytes are there.
  std::optional<std::uint64_t> place_of(Bytes bytes) const {
    if (bytes.empty()) return position();
    const std::less<> before;
    if (!before(bytes.data(), block_.data()) &&
        !before(block_.data() + block_.size(), bytes.data() + bytes.size())) {
      return stream_length_ - block_.size() +
             static_cast<std::uint64_t>(bytes.data() - block_.data());
    }
    const std::optional<Bytes> there = blocks_->recent(position(), bytes.size());
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
      const Bytes block = TRY(next_block());
      if (block.empty()) break;
      is_zero = is_zero && is_zeros(block);
    }
    // libarchive takes the end of the file for the end of the archive.
    if (is_tar_ && end_position < member_end_ + tar_record && !decoder_->damage()) {
      context_.loss(context_.name(), stream_length_, "truncated",
                    "the archive has no end mark; it may have been cut");
    }
    if (!is_zero) {
      context_.loss(context_.name(), position(), "trailing",
                    "bytes that are no member follow the end of the archive");
    }
    if (decoder_->damage()) report_damage(context_.name(), position(), {});
    return {};
  }

  // Whether the bytes that were decoded and that libarchive did not want are zeros.
  bool is_rest_zero(std::uint64_t at) const {
    while (at < stream_length_) {
      const std::size_t length =
          std::min(stream_length_ - at, decoder_block_size - at % decoder_block_size);
      const std::optional<Bytes> piece = blocks_->recent(at, length);
      if (piece && !is_zeros(*piece)) return false;
      at += length;
    }
    return true;
  }

  // What the decoder says is wrong is the cause of what libarchive says.
  void report_damage(const std::string& source, std::uint64_t offset, const std::string& why) {
    const std::optional<codec::Damage>& damage = decoder_->damage();
    const bool is_truncated = damage && damage->is_truncated;
    context_.loss(source, offset, is_truncated ? "truncated" : "damaged",
                  damage ? damage->text : why);
  }

  WalkContext& context_;
  const codec::Input& input_;
  std::unique_ptr<codec::Decoder> decoder_;
  BlockReader* blocks_ = nullptr;
  Bytes first_;
  bool is_first_ = true;
  bool is_tar_ = false;
  bool is_compressed_ = false;
  bool is_copied_ = false;
  StreamId stream_;
  std::uint64_t stream_length_ = 0;  // up to the end of the current block
  Bytes block_;
  // Bytes where a header should be.
  struct Unreadable {
    std::uint64_t offset = 0;
    std::string why;
  };
  std::optional<Unreadable> unreadable_;
  std::uint64_t member_end_ = 0;  // behind the bytes of the last member and their padding
  struct archive* reader_ = nullptr;
  std::optional<Error> failure_;  // the visitor's, on its way through libarchive
};

}  // namespace

Result<void> walk_stream(WalkContext& context, const File& file) {
  const codec::FileInput input(file, TRY(file.size()));
  return StreamWalk(context, input).run();
}

}  // namespace leakfs::archive
