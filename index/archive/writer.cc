// SPDX-License-Identifier: GPL-3.0-or-later
#include "index/archive/writer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "index/archive/handle.h"

namespace leakfs::archive {
namespace {

using Setter = int (*)(struct archive*);

struct Format {
  std::string_view extension;
  Setter format;
  Setter filter;
};

constexpr auto formats = std::to_array<Format>({
    {".tar", archive_write_set_format_pax_restricted, archive_write_add_filter_none},
    {".tar.gz", archive_write_set_format_pax_restricted, archive_write_add_filter_gzip},
    {".tar.bz2", archive_write_set_format_pax_restricted, archive_write_add_filter_bzip2},
    {".tar.zst", archive_write_set_format_pax_restricted, archive_write_add_filter_zstd},
    {".tar.xz", archive_write_set_format_pax_restricted, archive_write_add_filter_xz},
    {".zip", archive_write_set_format_zip, archive_write_add_filter_none},
    {".7z", archive_write_set_format_7zip, archive_write_add_filter_none},
});

struct FreeEntry {
  void operator()(struct archive_entry* entry) const { archive_entry_free(entry); }
};

}  // namespace

struct Writer::State {
  std::string path;
  WriterHandle handle;
  std::unique_ptr<struct archive_entry, FreeEntry> entry;

  std::unexpected<Error> failure() const {
    return output_error(path + ": " + error_text(handle.get()));
  }
};

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

Result<Writer> Writer::create(const std::string& path) {
  const auto format = std::ranges::find_if(
      formats, [&path](const Format& known) { return path.ends_with(known.extension); });
  if (format == formats.end()) {
    return std::unexpected(
        Error{.status = ExitStatus::usage,
              .text = path + ": its extension names no format",
              .hint = "end it with .tar .tar.gz .tar.bz2 .tar.zst .tar.xz .zip or .7z"});
  }
  auto state = std::make_unique<State>();
  state->path = path;
  state->handle.reset(archive_write_new());
  state->entry.reset(archive_entry_new());
  struct archive* writer = state->handle.get();
  format->format(writer);
  format->filter(writer);
  // The time of writing would make each file another.
  archive_write_set_filter_option(writer, "gzip", "timestamp", nullptr);
  if (archive_write_open_filename(writer, path.c_str()) != ARCHIVE_OK) return state->failure();
  return Writer(std::move(state));
}

Result<void> Writer::add(const std::string& path, UnixTime mtime, Bytes content) {
  constexpr int mode = 0644;
  struct archive_entry* entry = archive_entry_clear(state_->entry.get());
  archive_entry_set_pathname_utf8(entry, path.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, mode);
  archive_entry_set_mtime(entry, mtime, 0);
  archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
  struct archive* writer = state_->handle.get();
  if (archive_write_header(writer, entry) != ARCHIVE_OK) return state_->failure();
  const la_ssize_t written = archive_write_data(writer, content.data(), content.size());
  if (written != static_cast<la_ssize_t>(content.size())) return state_->failure();
  return {};
}

Result<void> Writer::close() {
  if (archive_write_close(state_->handle.get()) != ARCHIVE_OK) return state_->failure();
  return {};
}

}  // namespace leakfs::archive
