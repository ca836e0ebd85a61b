// SPDX-License-Identifier: GPL-3.0-or-later
// Archives that libarchive reads by seeking: zip, 7z, rar, rar5, iso9660. A member of a zip is a
// stream of its own in the file; what the others hold is copied, because it can be had again only
// from the start of the archive.
#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "index/archive/handle.h"
#include "index/archive/walk_context.h"
#include "index/archive/zip_directory.h"

namespace leakfs::archive {
namespace {

constexpr std::size_t read_size = 1 << 20;

class SeekableWalk {
 public:
  // `directory` is that of a zip.
  SeekableWalk(WalkContext& context, const File& file, std::optional<ZipDirectory> directory)
      : context_(context), file_(file), directory_(std::move(directory)) {}

  Result<void> run() {
    file_size_ = TRY(file_.size());
    int code = open();
    std::size_t found = 0;
    while (true) {
      struct archive_entry* entry = nullptr;
      if (code == ARCHIVE_OK) code = archive_read_next_header(reader_, &entry);
      if (code == ARCHIVE_EOF) return report_unreached(found);
      if (code == ARCHIVE_FATAL && found == 0 && directory_) {
        // The local headers of a zip may be whole where its directory is not.
        context_.loss(context_.name(), 0, "damaged",
                      error_text(reader_) + "; its members were read one after the other");
        directory_.reset();
        code = open_salvaging();
        continue;
      }
      if (code == ARCHIVE_FATAL) return end_early();
      if (code == ARCHIVE_RETRY || code == ARCHIVE_FAILED) {
        context_.loss(context_.name(), 0, "damaged", error_text(reader_));
      } else {
        ++found;
        TRY(walk_member(entry));
        report_progress();
      }
      code = ARCHIVE_OK;
    }
  }

 private:
  int open() {
    start_reader();
    archive_read_support_format_zip(reader_);
    archive_read_support_format_7zip(reader_);
    archive_read_support_format_rar(reader_);
    archive_read_support_format_rar5(reader_);
    archive_read_support_format_iso9660(reader_);
    return open_file();
  }

  int open_salvaging() {
    start_reader();
    archive_read_support_format_zip_streamable(reader_);
    return open_file();
  }

  void start_reader() {
    handle_.reset(archive_read_new());
    reader_ = handle_.get();
    if (context_.options().passphrase) {
      archive_read_add_passphrase(reader_, context_.options().passphrase->c_str());
    }
  }

  int open_file() {
    ::lseek(file_.descriptor(), 0, SEEK_SET);
    const int code = archive_read_open_fd(reader_, file_.descriptor(), read_size);
    return code == ARCHIVE_OK ? ARCHIVE_OK : ARCHIVE_FATAL;
  }

  // libarchive makes one member of directory entries that share their bytes.
  Result<void> report_unreached(std::size_t found) {
    if (directory_ && directory_->size() > found) {
      context_.loss(context_.name(), 0, "damaged",
                    fmt::format("{} of {} members in the zip's directory could not be reached",
                                directory_->size() - found, directory_->size()));
    }
    return {};
  }

  Result<void> end_early() {
    if (context_.summary().members == 0) {
      if (archive_read_has_encrypted_entries(reader_) > 0) return passphrase_error();
      return input_error(context_.path() + ": " + error_text(reader_), damaged_hint);
    }
    context_.loss(context_.name(), 0, "truncated", error_text(reader_));
    return {};
  }

  std::unexpected<Error> passphrase_error() const {
    Error error{.status = ExitStatus::passphrase, .text = context_.path() + ": is encrypted"};
    const int format = archive_format(reader_) & ARCHIVE_FORMAT_BASE_MASK;
    if (format != ARCHIVE_FORMAT_ZIP) {
      error.hint = "decrypt it first: of encrypted archives only zip can be read";
    } else if (context_.options().passphrase) {
      error.text = context_.path() + ": the passphrase does not open it";
      error.hint = "the passphrase is the first line of its file, without the line end";
    } else {
      error.hint =
          "name a file that holds the passphrase: mkleakfs --passphrase-file FILE, or "
          "leakfs -o passphrase_file=FILE";
    }
    return std::unexpected(std::move(error));
  }

  Result<void> walk_member(struct archive_entry* entry) {
    const Member member = member_of(entry, context_.name());
    const bool is_encrypted = archive_entry_is_data_encrypted(entry) != 0;
    std::optional<StreamPlan> plan;
    const char* stored_name = archive_entry_pathname(entry);
    if (directory_ && stored_name != nullptr) plan = directory_->take(file_, stored_name);
    TRY(context_.begin_member(member));
    Extent at;
    bool is_whole = true;
    std::uint64_t delivered = 0;
    while (member.kind == MemberKind::file) {
      const void* data = nullptr;
      std::size_t length = 0;
      la_int64_t offset = 0;
      const int code = archive_read_data_block(reader_, &data, &length, &offset);
      if (code == ARCHIVE_EOF) break;
      if (code == ARCHIVE_RETRY) continue;
      if (code < ARCHIVE_WARN) {
        if (is_encrypted && delivered == 0) return passphrase_error();
        is_whole = false;
        context_.loss(member.path, delivered, "damaged", error_text(reader_));
        break;
      }
      if (code == ARCHIVE_WARN) {
        // The bytes are there, but not those that were packed: a checksum says so.
        is_whole = false;
        context_.loss(member.path, delivered, "damaged", error_text(reader_));
      }
      const Bytes bytes(static_cast<const char*>(data), length);
      if (bytes.empty()) continue;
      if (delivered + length > member_size_max) {
        is_whole = false;
        context_.loss(member.path, delivered, "member", member_size_text);
        break;
      }
      if (plan) {
        if (delivered == 0) {
          plan->input = context_.input();
          at.stream = TRY(context_.begin_stream(*plan));
        }
        at.offset = delivered;
        at.length = length;
        TRY(context_.member_data(at, bytes));
      } else {
        TRY(context_.copied_data(bytes));
      }
      delivered += length;
      report_progress();
    }
    return context_.end_member(is_whole);
  }

  // Seeking makes libarchive's count jump; it never goes back here.
  void report_progress() {
    const auto read =
        static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(reader_, -1)));
    progress_ = std::max(progress_, std::min(read, file_size_));
    context_.progress(progress_);
  }

  WalkContext& context_;
  const File& file_;
  std::optional<ZipDirectory> directory_;
  ReaderHandle handle_;
  struct archive* reader_ = nullptr;
  std::uint64_t file_size_ = 0;
  std::uint64_t progress_ = 0;
};

}  // namespace

Result<void> walk_zip(WalkContext& context, const File& file) {
  std::optional<ZipDirectory> directory = TRY(ZipDirectory::read(file));
  if (!directory) {
    context.loss(context.name(), 0, "truncated",
                 "the zip has no directory at its end; its members were read one after the other");
  }
  return SeekableWalk(context, file, std::move(directory)).run();
}

Result<void> walk_seekable(WalkContext& context, const File& file) {
  return SeekableWalk(context, file, std::nullopt).run();
}

}  // namespace leakfs::archive
